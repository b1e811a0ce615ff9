#include "host/reduce/state.h"

#include <algorithm>
#include <tuple>

namespace warpshard::reduce {

namespace {

/// Keeps the listed columns of a row-major matrix.
template <typename T>
void keep_columns(std::vector<T>& matrix, std::size_t columns, std::span<const std::int32_t> kept) {
  const std::size_t rows = columns == 0 ? 0 : matrix.size() / columns;
  std::size_t out = 0;
  for (std::size_t row = 0; row < rows; ++row)
    for (const std::int32_t column : kept) matrix[out++] = matrix[row * columns + column];
  matrix.resize(out);
}

bool by_ends(const Link& a, const Link& b) {
  return std::tie(a.u, a.v, a.table) < std::tie(b.u, b.v, b.table);
}

}  // namespace

void State::purge_links(std::int32_t v) {
  auto& ids = variables[v].edges;
  if (ids.size() <= 2 * static_cast<std::size_t>(variables[v].degree) + 8) return;
  std::erase_if(ids, [&](std::int32_t id) { return links[id].u != v && links[id].v != v; });
}

void State::wake_for_memory(std::int32_t v) {
  fold_variables.push(v);
  dominance_variables.push(v);
}

void State::wake(std::int32_t v) {
  wake_for_memory(v);
}

void State::add_link(std::int32_t u, std::int32_t v, std::int32_t table) {
  const auto id = static_cast<std::int32_t>(links.size());
  links.push_back({u, v, kNone});
  for (const std::int32_t end : {u, v}) {
    variables[end].edges.push_back(id);
    ++variables[end].degree;
    crowded_variables.push(end);
  }
  ++num_links;
  set_table(id, table);
}

void State::set_table(std::int32_t id, std::int32_t table) {
  Link& link = links[id];
  link.table = table;
  forbid_links.push(id);
  follow_links.push(id);
  fold_links.push(id);
  wake(link.u);
  wake(link.v);
}

void State::remove_link(std::int32_t id) {
  Link& link = links[id];
  for (const std::int32_t end : {link.u, link.v}) {
    --variables[end].degree;
    wake(end);
  }
  --num_links;
  link = Link{};
}

bool State::add_unary(std::int32_t v, std::span<const std::int64_t> costs) {
  auto& unary = variables[v].unary;
  if (!hard) {
    for (std::size_t a = 0; a < unary.size(); ++a)
      if (blocks_twice(sum_of(unary[a], costs[a]))) return false;
  }
  for (std::size_t a = 0; a < unary.size(); ++a) {
    unary[a] = at_rest(sum_of(unary[a], costs[a]), hard);
    if (hard && blocks(unary[a]))
      doom(v, static_cast<std::int32_t>(a), ReductionTrace::Kind::kNotAllowed);
  }
  wake(v);
  return true;
}

std::int32_t State::add_helper() {
  const auto v = static_cast<std::int32_t>(variables.size());
  variables.emplace_back();
  variables.back().strategies.assign(1, 0);
  variables.back().unary.assign(1, 0);
  original_sizes.push_back(1);
  ++num_variables;
  ++num_values;
  return v;
}

void State::doom(std::int32_t v, std::int32_t value) {
  auto& doomed = variables[v].doomed;
  if (doomed.empty()) {
    doomed.assign(variables[v].strategies.size(), 0);
    doomed_variables.push(v);
  }
  doomed[value] = 1;
}

void State::doom(std::int32_t v, std::int32_t value, ReductionTrace::Kind reason, std::int32_t by) {
  const Variable& variable = variables[v];
  if (traced && (variable.doomed.empty() || variable.doomed[value] == 0))
    trace.steps.push_back({reason, v, variable.strategies[value], variable.strategies[by], {}});
  doom(v, value);
}

bool State::remove_doomed(StopGlance& stop) {
  std::vector<std::int32_t> changed;
  std::vector<std::int32_t> maps;
  std::vector<std::int32_t> kept;
  while (!doomed_variables.empty()) {
    if (stop.stopped()) return false;
    const std::int32_t v = doomed_variables.pop();
    Variable& variable = variables[v];
    if (!variable.alive) continue;
    kept.clear();
    for (std::int32_t a = 0; a < variable.domain(); ++a)
      if (variable.doomed[a] == 0) kept.push_back(a);
    variable.doomed.clear();
    if (kept.empty()) {
      emptied = true;
      return false;
    }
    num_values -= variable.domain() - static_cast<std::int32_t>(kept.size());
    if (!variable.pieces.empty()) usage_changed();
    const auto domain = static_cast<std::size_t>(variable.domain());
    keep_columns(variable.strategies, domain, kept);
    keep_columns(variable.unary, domain, kept);
    keep_columns(variable.usage, domain, kept);
    variable.profiled = false;
    changed.push_back(v);
    maps.push_back(tables.maps().intern(kept));
    wake(v);
  }
  auto& map_of = removal_maps_;
  map_of.resize(variables.size(), kNone);
  for (std::size_t i = 0; i < changed.size(); ++i) map_of[changed[i]] = maps[i];
  for (const std::int32_t v : changed) {
    if (stop.stopped()) return false;
    for_each_link(v, [&](std::int32_t id) {
      const Link link = links[id];
      if (map_of[link.other(v)] != kNone && link.other(v) < v) return;  // done from the other end
      set_table(id, tables.gather(link.table, map_of[link.u], map_of[link.v]));
    });
  }
  for (const std::int32_t v : changed) map_of[v] = kNone;
  return true;
}

void State::retire(std::int32_t v) {
  --num_variables;
  num_values -= variables[v].domain();
  variables[v] = Variable{};
  variables[v].alive = false;
}

void State::move_usage(std::int32_t from, std::int32_t to, std::span<const std::int32_t> map) {
  Variable& source = variables[from];
  Variable& target = variables[to];
  if (source.pieces.empty()) return;
  for (std::size_t piece = 0; piece < source.pieces.size(); ++piece) {
    const auto usage = source.usage_of(piece);
    target.pieces.push_back(source.pieces[piece]);
    for (const std::int32_t value : map) target.usage.push_back(usage[value]);
  }
  source.pieces.clear();
  source.usage.clear();
  target.profiled = false;
  usage_changed();
}

void State::settle_capacity() {
  std::int64_t used = 0;
  for (std::int32_t t = 0; t < num_times(); ++t) {
    used += drawn[t];
    capacity[t] -= used;
    if (capacity[t] < 0) over_limit = emptied = true;
  }
  std::ranges::fill(drawn, 0);
}

void State::tidy(StopGlance& stop) {
  profile_all(stop.token());
  settle_capacity();
  for (Link& link : links) {
    if (stop.stopped()) return;
    if (!link.alive() || link.u < link.v) continue;
    link.table = tables.transpose(link.table);
    std::swap(link.u, link.v);
  }
  forget_unused_tables();
  if (std::ranges::is_sorted(links, by_ends) && links.size() == static_cast<std::size_t>(num_links))
    return;
  std::erase_if(links, [](const Link& link) { return !link.alive(); });
  std::ranges::sort(links, by_ends);
  for (Variable& variable : variables) variable.edges.clear();
  for (std::size_t id = 0; id < links.size(); ++id)
    for (const std::int32_t end : {links[id].u, links[id].v})
      variables[end].edges.push_back(static_cast<std::int32_t>(id));
}

void State::forget_unused_tables() {
  std::vector<std::uint8_t> seen(tables.size(), 0);
  std::vector<std::int32_t*> used;
  std::size_t entries = 0;
  for (Link& link : links) {
    if (!link.alive()) continue;
    used.push_back(&link.table);
    if (seen[link.table] == 0) entries += tables.entries(link.table).size();
    seen[link.table] = 1;
  }
  if (tables.num_entries() > 4 * entries) tables.keep_only(used);
}

}  // namespace warpshard::reduce
