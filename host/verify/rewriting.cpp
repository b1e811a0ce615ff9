#include "host/verify/rewriting.h"

#include <algorithm>
#include <limits>

namespace warpshard::verify {

void Rewriting::fail(const std::string& step, std::int32_t v) {
  if (failure_.empty()) failure_ = step + " (node " + std::to_string(v) + ")";
}

bool Rewriting::has(std::int32_t v, std::int32_t a) const {
  return variables_[v].here && std::ranges::binary_search(variables_[v].values, a);
}

void Rewriting::remove(std::int32_t v, std::int32_t a) {
  std::vector<std::int32_t>& values = variables_[v].values;
  values.erase(std::ranges::lower_bound(values, a));
  least_current_ = false;
  emptied_ |= values.empty();
}

/// Forbidden if one of the two is. Sums that would look forbidden fail.
std::int64_t Rewriting::sum(std::int64_t a, std::int64_t b) {
  if (is_forbidden(a) || is_forbidden(b)) return kForbidden;
  const Int128 result = Int128{a} + b;
  if (result >= kForbidden || result < std::numeric_limits<std::int64_t>::min() / 2)
    fail("costs add up to more than a check can tell from forbidden ones", 0);
  return static_cast<std::int64_t>(result);
}

std::int32_t Rewriting::edge_between(std::int32_t u, std::int32_t v) const {
  const auto& links = variables_[u].links;
  const auto found =
      std::ranges::lower_bound(links, v, {}, &std::pair<std::int32_t, std::int32_t>::first);
  return found == links.end() || found->first != v ? -1 : found->second;
}

Rewriting::Line Rewriting::line(std::int32_t edge, std::int32_t end, std::int32_t a) const {
  const Edge& e = edges_[edge];
  const std::int64_t columns = e.table->columns;
  if (e.u == end) return {e.table->entries.data() + a * columns, 1};
  return {e.table->entries.data() + a, columns};
}

void Rewriting::add_edge(std::int32_t u, std::int32_t v, std::vector<std::int64_t> entries) {
  auto table = std::make_shared<Table>();
  table->columns = strategies(v);
  table->own = std::move(entries);
  table->entries = table->own;
  add_edge(u, v, TablePointer(std::move(table)));
}

/// Parallel edges become one.
void Rewriting::add_edge(std::int32_t u, std::int32_t v, TablePointer table) {
  const std::int32_t known = edge_between(u, v);
  if (known >= 0) {
    edges_[known].table = total(known, u, *table);
    return;
  }
  const auto id = static_cast<std::int32_t>(edges_.size());
  edges_.push_back({u, v, std::move(table)});
  for (const auto& [end, other] : {std::pair{u, v}, std::pair{v, u}}) {
    auto& links = variables_[end].links;
    links.insert(std::ranges::lower_bound(links, std::pair{other, id}), {other, id});
  }
}

/// The edge's table and one whose rows are u's strategies, added up.
Rewriting::TablePointer Rewriting::total(std::int32_t edge, std::int32_t u, const Table& other) {
  const Edge& e = edges_[edge];
  const bool turned = e.u != u;
  auto table = std::make_shared<Table>();
  table->columns = e.table->columns;
  table->own.assign(e.table->entries.size(), kForbidden);
  for (const std::int32_t a : variables_[e.u].values) {
    for (const std::int32_t b : variables_[e.v].values) {
      const std::int64_t at = std::int64_t{a} * table->columns + b;
      const std::int64_t there =
          turned ? std::int64_t{b} * other.columns + a : std::int64_t{a} * other.columns + b;
      table->own[at] = sum(e.table->entries[at], other.entries[there]);
    }
  }
  table->entries = table->own;
  return table;
}

void Rewriting::remove_edge(std::int32_t edge) {
  Edge& e = edges_[edge];
  for (const auto& [end, other] : {std::pair{e.u, e.v}, std::pair{e.v, e.u}}) {
    auto& links = variables_[end].links;
    links.erase(std::ranges::lower_bound(links, std::pair{other, edge}));
  }
  e.table.reset();
}

void Rewriting::add_unary(std::int32_t v, const std::vector<std::int64_t>& costs) {
  for (const std::int32_t a : variables_[v].values)
    variables_[v].unary[a] = sum(variables_[v].unary[a], costs[a]);
}

void Rewriting::drop_forbidden(std::int32_t v, std::int32_t a) {
  if (!has(v, a)) return;
  if (is_forbidden(variables_[v].unary[a])) return remove(v, a);
  for (const auto& [other, edge] : variables_[v].links) {
    const Line costs = line(edge, v, a);
    if (std::ranges::all_of(variables_[other].values,
                            [&](std::int32_t y) { return is_forbidden(costs[y]); }))
      return remove(v, a);
  }
  fail("a value is not forbidden", v);
}

void Rewriting::drop_dominated(std::int32_t v, std::int32_t a, std::int32_t b) {
  if (!has(v, a)) return;
  if (a == b || !has(v, b) || !never_dearer(v, b, a)) return fail("a value is not dominated", v);
  settle(variables_[v]);
  for (const Piece& piece : variables_[v].pieces)
    if (piece.usage[b] > piece.usage[a]) return fail("a value is not dominated", v);
  remove(v, a);
}

bool Rewriting::never_dearer(std::int32_t v, std::int32_t b, std::int32_t a) const {
  const Variable& variable = variables_[v];
  if (is_forbidden(variable.unary[a])) return true;
  if (is_forbidden(variable.unary[b])) return false;
  Int128 extra = Int128{variable.unary[b]} - variable.unary[a];
  for (const auto& [other, edge] : variable.links) {
    const Line costs_a = line(edge, v, a);
    const Line costs_b = line(edge, v, b);
    std::optional<Int128> most;
    for (const std::int32_t y : variables_[other].values) {
      if (is_forbidden(costs_a[y])) continue;
      if (is_forbidden(costs_b[y])) return false;
      const Int128 here = Int128{costs_b[y]} - costs_a[y];
      if (!most || here > *most) most = here;
    }
    extra += most.value_or(0);
  }
  return extra <= 0;
}

std::int64_t Rewriting::least_usage(const Variable& variable, const Piece& piece) const {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (const std::int32_t a : variable.values) least = std::min(least, piece.usage[a]);
  return least;
}

void Rewriting::add_up_least() {
  least_.assign(reserved_.size() + 1, 0);
  for (Variable& variable : variables_) {
    if (!variable.here) continue;
    settle(variable);
    for (const Piece& piece : variable.pieces) {
      const std::int64_t least = least_usage(variable, piece);
      least_[piece.begin] += least;
      least_[piece.end] -= least;
    }
  }
  std::int64_t used = 0;
  for (std::size_t t = 0; t < reserved_.size(); ++t) {
    used += least_[t];
    least_[t] = used + reserved_[t];
  }
  least_valid_ = least_current_ = true;
}

/// By least usages that are perhaps those of an earlier time, when they were no higher.
bool Rewriting::exceeds_limit(std::int32_t v, std::int32_t a) {
  Variable& variable = variables_[v];
  settle(variable);
  for (const Piece& piece : variable.pieces) {
    const std::int64_t more = piece.usage[a] - least_usage(variable, piece);
    for (std::int32_t t = piece.begin; t < piece.end; ++t)
      if (Int128{least_[t]} + more > *problem_.usage_limit) return true;
  }
  return false;
}

void Rewriting::drop_over_limit(std::int32_t v, std::int32_t a) {
  if (!has(v, a)) return;
  if (!problem_.usage_limit) return fail("a value does not exceed the limit", v);
  if (least_valid_ && exceeds_limit(v, a)) return remove(v, a);
  if (!least_current_) add_up_least();
  if (!exceeds_limit(v, a)) return fail("a value does not exceed the limit", v);
  remove(v, a);
}

void Rewriting::merge(std::int32_t follower, std::int32_t leader) {
  const std::int32_t between = follower == leader ? -1 : edge_between(leader, follower);
  if (between < 0) return fail("a merge across no edge", follower);
  Variable& to = variables_[leader];
  Variable& from = variables_[follower];
  std::vector<std::int32_t> map(to.unary.size(), -1);
  for (const std::int32_t a : to.values) {
    const Line costs = line(between, leader, a);
    for (const std::int32_t y : from.values) {
      if (is_forbidden(costs[y])) continue;
      if (map[a] >= 0) return fail("a merge of a node that has a choice", follower);
      map[a] = y;
    }
    to.unary[a] =
        map[a] < 0 ? kForbidden : sum(to.unary[a], sum(from.unary[map[a]], costs[map[a]]));
  }
  remove_edge(between);
  const auto links = from.links;
  for (const auto& [other, edge] : links) move_edge(edge, follower, leader, map);
  move_memory(follower, leader, map);
  from = Variable{};
  from.here = false;
  least_valid_ = least_current_ = false;
}

void Rewriting::move_edge(std::int32_t edge, std::int32_t from, std::int32_t to,
                          std::span<const std::int32_t> map) {
  const std::int32_t other = edges_[edge].u == from ? edges_[edge].v : edges_[edge].u;
  const auto columns = static_cast<std::size_t>(strategies(other));
  std::vector<std::int64_t> entries(map.size() * columns, kForbidden);
  for (const std::int32_t a : variables_[to].values) {
    if (map[a] < 0) continue;
    const Line costs = line(edge, from, map[a]);
    for (const std::int32_t y : variables_[other].values) entries[a * columns + y] = costs[y];
  }
  remove_edge(edge);
  add_edge(to, other, std::move(entries));
}

void Rewriting::move_memory(std::int32_t from, std::int32_t to, std::span<const std::int32_t> map) {
  for (const Piece& piece : variables_[from].pieces) {
    Piece moved{piece.begin, piece.end, std::vector<std::int64_t>(map.size(), 0)};
    for (std::size_t a = 0; a < map.size(); ++a)
      if (map[a] >= 0) moved.usage[a] = piece.usage[map[a]];
    variables_[to].pieces.push_back(std::move(moved));
    variables_[to].settled = false;
  }
}

/// Makes a variable's pieces disjoint.
void Rewriting::settle(Variable& variable) const {
  if (variable.settled) return;
  variable.settled = true;
  std::erase_if(variable.pieces, [](const Piece& piece) { return piece.begin >= piece.end; });
  if (variable.pieces.size() < 2) return;
  std::vector<std::pair<std::int32_t, const Piece*>> moments;
  for (const Piece& piece : variable.pieces) {
    moments.emplace_back(piece.begin, &piece);
    moments.emplace_back(piece.end, &piece);
  }
  std::ranges::sort(moments, {}, &std::pair<std::int32_t, const Piece*>::first);
  std::vector<Piece> result;
  std::vector<std::int64_t> usage(variable.unary.size(), 0);
  int live = 0;
  for (std::size_t i = 0; i + 1 < moments.size(); ++i) {
    const auto& [time, piece] = moments[i];
    const bool begins = time == piece->begin;
    live += begins ? 1 : -1;
    for (std::size_t a = 0; a < usage.size(); ++a)
      usage[a] += begins ? piece->usage[a] : -piece->usage[a];
    if (live > 0 && time < moments[i + 1].first)
      result.push_back({time, moments[i + 1].first, usage});
  }
  variable.pieces = std::move(result);
}

void Rewriting::split_edge(std::int32_t u, std::int32_t v) {
  const std::int32_t edge = u == v ? -1 : edge_between(u, v);
  if (edge < 0) return;
  std::vector<std::int64_t> rows(variables_[u].unary.size(), kForbidden);
  std::vector<std::int64_t> columns(variables_[v].unary.size(), kForbidden);
  // Lines that are forbidden throughout have a forbidden term; on the rest nothing may be.
  std::int32_t first = -1;
  for (const std::int32_t a : variables_[u].values) {
    const Line costs = line(edge, u, a);
    if (std::ranges::all_of(variables_[v].values,
                            [&](std::int32_t b) { return is_forbidden(costs[b]); }))
      continue;
    if (first < 0) {
      first = a;
      for (const std::int32_t b : variables_[v].values) columns[b] = costs[b];
    }
    std::optional<Int128> term;
    for (const std::int32_t b : variables_[v].values) {
      if (is_forbidden(costs[b]) != is_forbidden(columns[b])) return;
      if (is_forbidden(costs[b])) continue;
      const Int128 here = Int128{costs[b]} - columns[b];
      if (term && *term != here) return;
      term = here;
    }
    if (*term >= kForbidden || *term < std::numeric_limits<std::int64_t>::min() / 2) return;
    rows[a] = static_cast<std::int64_t>(*term);
  }
  add_unary(u, rows);
  add_unary(v, columns);
  remove_edge(edge);
}

void Rewriting::reserve_least(std::int32_t v) {
  Variable& variable = variables_[v];
  settle(variable);
  for (const Piece& piece : variable.pieces) {
    const std::int64_t least = least_usage(variable, piece);
    for (std::int32_t t = piece.begin; t < piece.end; ++t) reserved_[t] += least;
  }
}

/// What the variable costs at least, beside each value of its neighbours, goes to these.
void Rewriting::add_best(std::int32_t v) {
  const Variable& variable = variables_[v];
  const auto links = variable.links;
  if (links.empty()) {
    std::int64_t best = kForbidden;
    for (const std::int32_t a : variable.values) best = std::min(best, variable.unary[a]);
    if (is_forbidden(best)) emptied_ = true;
    constant_ += best;
    return;
  }
  const std::int32_t first = links[0].first;
  const std::int32_t second = links.size() > 1 ? links[1].first : -1;
  const std::int32_t columns = second < 0 ? 1 : strategies(second);
  static constexpr std::int64_t kNothing = 0;
  const std::vector<std::int32_t> just_one{0};
  std::vector<std::int64_t> best(variables_[first].unary.size() * columns, kForbidden);
  for (const std::int32_t a : variable.values) {
    const Line to_first = line(links[0].second, v, a);
    const Line to_second = second < 0 ? Line{&kNothing, 0} : line(links[1].second, v, a);
    for (const std::int32_t x : variables_[first].values) {
      const std::int64_t near = sum(variable.unary[a], to_first[x]);
      if (is_forbidden(near)) continue;
      for (const std::int32_t y : second < 0 ? just_one : variables_[second].values) {
        std::int64_t& entry = best[std::int64_t{x} * columns + y];
        entry = std::min(entry, sum(near, to_second[y]));
      }
    }
  }
  for (const auto& link : links) remove_edge(link.second);
  if (second < 0) {
    add_unary(first, best);
  } else {
    add_edge(first, second, std::move(best));
  }
}

void Rewriting::eliminate(std::int32_t v) {
  Variable& variable = variables_[v];
  if (!variable.here || emptied_) return;
  if (variable.values.size() == 1) {
    const std::int32_t a = variable.values[0];
    const auto links = variable.links;
    for (const auto& [other, edge] : links) {
      const Line costs = line(edge, v, a);
      for (const std::int32_t y : variables_[other].values)
        variables_[other].unary[y] = sum(variables_[other].unary[y], costs[y]);
      remove_edge(edge);
    }
  }
  if (variable.links.size() > 2)
    return fail("a node with three neighbours cannot be eliminated", v);
  reserve_least(v);
  add_best(v);
  variable = Variable{};
  variable.here = false;
  least_valid_ = least_current_ = false;
}

void Rewriting::keep_times(std::span<const std::int32_t> times) {
  std::vector<std::int32_t> before(reserved_.size() + 1, 0);  // kept ones before each
  std::vector<std::int64_t> reserved;
  std::int32_t last = -1;
  for (const std::int32_t t : times) {
    if (t <= last || t >= num_times()) return fail("time points are not in order", t);
    last = t;
    before[t + 1] = 1;
    reserved.push_back(reserved_[t]);
  }
  for (std::size_t t = 1; t < before.size(); ++t) before[t] += before[t - 1];
  for (Variable& variable : variables_) {
    for (Piece& piece : variable.pieces) {
      piece.begin = before[piece.begin];
      piece.end = before[piece.end];
    }
    std::erase_if(variable.pieces, [](const Piece& piece) { return piece.begin >= piece.end; });
  }
  reserved_ = std::move(reserved);
  least_valid_ = least_current_ = false;
}

void Rewriting::remove_values(std::span<const std::pair<std::int32_t, std::int32_t>> values) {
  std::vector<std::pair<std::int32_t, std::int32_t>> named;  // node and strategy
  for (const auto& [v, d] : values)
    named.emplace_back(core_nodes_[v], variables_[core_nodes_[v]].values[d]);
  for (const auto& [node, strategy] : named) remove(node, strategy);
}

CoreProblem Rewriting::core() {
  core_nodes_.clear();
  CoreProblem core;
  core.constant = constant_;
  for (const std::int64_t reserved : reserved_) {
    const Int128 left = Int128{*problem_.usage_limit} - reserved;
    core.capacity.push_back(static_cast<std::int64_t>(
        std::max(left, Int128{std::numeric_limits<std::int64_t>::min() / 4})));
  }
  std::vector<std::int32_t> number(variables_.size(), -1);
  for (std::int32_t v = 0; v < num_nodes(); ++v) {
    Variable& variable = variables_[v];
    if (!variable.here) continue;
    number[v] = core.num_variables();
    core_nodes_.push_back(v);
    for (const std::int32_t a : variable.values) core.unary.push_back(variable.unary[a]);
    core.value_offsets.push_back(static_cast<std::int32_t>(core.unary.size()));
    settle(variable);
    for (const Piece& piece : variable.pieces) {
      const std::int64_t least = least_usage(variable, piece);
      for (std::int32_t t = piece.begin; t < piece.end; ++t) core.capacity[t] -= least;
      if (std::ranges::all_of(variable.values,
                              [&](std::int32_t a) { return piece.usage[a] == least; }))
        continue;
      core.pieces.push_back({piece.begin, piece.end, static_cast<std::int64_t>(core.usage.size())});
      for (const std::int32_t a : variable.values) core.usage.push_back(piece.usage[a] - least);
    }
    core.piece_offsets.push_back(static_cast<std::int32_t>(core.pieces.size()));
  }
  for (std::int32_t u = 0; u < num_nodes(); ++u) {
    for (const auto& [v, edge] : variables_[u].links) {
      if (v < u) continue;
      core.edges.push_back({number[u], number[v], static_cast<std::int64_t>(core.entries.size())});
      for (const std::int32_t a : variables_[u].values) {
        const Line costs = line(edge, u, a);
        for (const std::int32_t b : variables_[v].values) core.entries.push_back(costs[b]);
      }
    }
  }
  return core;
}

}  // namespace warpshard::verify
