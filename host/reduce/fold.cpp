#include <algorithm>
#include <optional>
#include <unordered_set>

#include "host/reduce/steps.h"

namespace warpshard::reduce {

namespace {

/// A table made by minimising a variable out may have this many entries, or as many as the two it
/// replaces; and, beyond that size, no more distinct entries than one-byte codes can name.
constexpr std::size_t kSmallTable = 256;
constexpr std::size_t kMaxDistinct = 255;

/// What all costs have in common, taken off them.
Cost take_common(const State& state, std::vector<std::int64_t>& costs) {
  const Cost common = common_part(costs, state.hard);
  for (std::int64_t& cost : costs) cost = lowered(cost, common, state.hard);
  return common;
}

/// Adds costs to a variable, what they have in common to the constant. False, and nothing done, if
/// refused.
bool absorb(State& state, std::int32_t v, std::vector<std::int64_t> costs) {
  const Cost common = take_common(state, costs);
  if (!state.add_unary(v, costs)) return false;
  state.constant += common;
  return true;
}

bool absorb_both(State& state, const Link& link, const std::vector<std::int64_t>& row_terms,
                 const std::vector<std::int64_t>& column_terms) {
  const Cost constant = state.constant;
  const std::vector<std::int64_t> unary = state.variables[link.u].unary;
  if (!absorb(state, link.u, row_terms)) return false;
  if (absorb(state, link.v, column_terms)) return true;
  state.variables[link.u].unary = unary;
  state.constant = constant;
  return false;
}

bool fold_separable(State& state, std::int32_t id) {
  const Link link = state.links[id];
  state.write_down(ReductionTrace::Kind::kSplit, link.u, link.v);
  const auto entries = state.tables.entries(link.table);
  const auto columns = static_cast<std::size_t>(state.tables.columns(link.table));
  std::vector<std::int64_t> row_terms;
  for (std::size_t i = 0; i < entries.size(); i += columns) row_terms.push_back(entries[i]);
  const std::vector<std::int64_t> column_terms(entries.begin(), entries.begin() + columns);
  const Cost both = split(entries[0]);
  if (!absorb_both(state, link, row_terms, column_terms)) return false;
  state.constant += {-both.forbidden, -both.finite};  // the first row and column share it
  state.remove_link(id);
  return true;
}

std::int64_t range(std::span<const std::int64_t> costs) {
  const auto [least, greatest] = std::ranges::minmax_element(costs);
  return *greatest - *least;
}

/// Where only the allowed entries are separable, moves their terms out and leaves the pattern.
bool fold_pattern(State& state, std::int32_t id) {
  const Link link = state.links[id];
  std::vector<std::int64_t> row_terms;
  std::vector<std::int64_t> column_terms;
  const std::int32_t pattern = state.tables.pattern(link.table, row_terms, column_terms);
  if (pattern == kNone) return false;
  // Along a chain of allowed entries terms can outgrow the table's own range.
  const Int128 grown = Int128{range(row_terms)} + range(column_terms) + state.range_sum;
  if (grown >= kForbiddenEntry) return false;
  state.range_sum = static_cast<std::int64_t>(grown);
  absorb(state, link.u, row_terms);
  absorb(state, link.v, column_terms);
  state.set_table(id, pattern);
  return true;
}

bool fold_link(State& state, std::int32_t id) {
  const Link link = state.links[id];
  if (!link.alive()) return false;
  const TableTraits traits = state.tables.traits(link.table);
  if (traits.separable) return fold_separable(state, id);
  if (!state.hard || !traits.blocks_some || traits.has_dead_line) return false;
  return fold_pattern(state, id);
}

std::vector<std::int32_t> links_of(State& state, std::int32_t v) {
  std::vector<std::int32_t> ids;
  state.for_each_link(v, [&](std::int32_t id) { ids.push_back(id); });
  return ids;
}

/// Takes out a variable with one value; its links become costs of the neighbours.
bool fold_single(State& state, std::int32_t v) {
  state.write_down(ReductionTrace::Kind::kEliminate, v);
  bool changed = false;
  for (const std::int32_t id : links_of(state, v)) {
    const Link link = state.links[id];
    const auto entries = state.tables.entries(link.table);
    if (!absorb(state, link.other(v), {entries.begin(), entries.end()})) continue;
    state.remove_link(id);
    changed = true;
  }
  if (state.variables[v].degree > 0) return changed;
  state.profile(v);
  state.constant += split(state.variables[v].unary[0]);
  state.log.fixed(v, state.variables[v].strategies[0]);
  state.retire(v);
  return true;
}

/// Without memory and neighbours: the cheapest value is the best.
void choose_cheapest(State& state, std::int32_t v) {
  state.write_down(ReductionTrace::Kind::kEliminate, v);
  const Variable& variable = state.variables[v];
  const auto best = std::ranges::min_element(variable.unary) - variable.unary.begin();
  state.constant += split(variable.unary[best]);
  state.log.chosen(v, variable.strategies[best]);
  state.retire(v);
}

/// The best a variable can cost beside each row of a table, and the strategy that attains it.
struct Best {
  std::vector<std::int64_t> costs;
  std::vector<std::int32_t> strategies;
  bool twice = false;  ///< some cost counts as forbidden twice

  void add(const State& state, const Variable& variable, std::span<const Sum> sums) {
    const auto best = std::ranges::min_element(sums) - sums.begin();
    twice = twice || (!state.hard && blocks_twice(sums[best]));
    costs.push_back(at_rest(sums[best], state.hard));
    strategies.push_back(variable.strategies[best]);
  }
};

/// Without memory, with one neighbour: the cheapest value beside each of the neighbour's.
bool minimise_leaf(State& state, std::int32_t v, std::int32_t id) {
  state.write_down(ReductionTrace::Kind::kEliminate, v);
  const Variable& variable = state.variables[v];
  const Link link = state.links[id];
  const std::int32_t neighbour = link.other(v);
  const auto entries = state.tables.entries(state.table_from(neighbour, link));
  const auto domain = static_cast<std::size_t>(variable.domain());
  Best best;
  std::vector<Sum> sums(domain);
  for (std::size_t i = 0; i < entries.size(); i += domain) {
    for (std::size_t a = 0; a < domain; ++a) sums[a] = sum_of(entries[i + a], variable.unary[a]);
    best.add(state, variable, sums);
  }
  if (best.twice || !absorb(state, neighbour, best.costs)) return false;
  std::vector<std::int32_t> map(state.original_sizes[neighbour], -1);
  for (std::size_t b = 0; b < best.strategies.size(); ++b)
    map[state.variables[neighbour].strategies[b]] = best.strategies[b];
  state.log.follows(v, neighbour, map, false);
  state.remove_link(id);
  state.retire(v);
  return true;
}

bool worth_a_table(const State& state, std::span<const std::int64_t> entries,
                   std::size_t replaced) {
  if (entries.size() <= kSmallTable) return true;
  if (entries.size() > replaced) return false;
  if (!state.hard) return true;
  std::unordered_set<std::int64_t> distinct;
  return std::ranges::all_of(entries, [&](std::int64_t entry) {
    distinct.insert(entry);
    return distinct.size() <= kMaxDistinct;
  });
}

/// Without memory, with two neighbours: a table between these takes the variable's place.
bool minimise_between(State& state, std::int32_t v, std::int32_t first_id, std::int32_t second_id) {
  const Variable& variable = state.variables[v];
  const std::int32_t first = state.links[first_id].other(v);
  const std::int32_t second = state.links[second_id].other(v);
  const std::int32_t first_table = state.table_from(first, state.links[first_id]);
  const std::int32_t second_table = state.table_from(second, state.links[second_id]);
  const auto near = state.tables.entries(first_table);
  const auto far = state.tables.entries(second_table);
  const std::size_t domain = variable.strategies.size();
  const std::size_t rows = near.size() / domain;
  const std::size_t columns = far.size() / domain;
  if (rows * columns > std::max(kSmallTable, near.size() + far.size())) return false;

  Best best;
  std::vector<Sum> partial(domain);
  std::vector<Sum> sums(domain);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t a = 0; a < domain; ++a) {
      const std::int64_t entry = near[row * domain + a];
      partial[a] =
          state.hard ? Sum(hard_sum(entry, variable.unary[a])) : sum_of(entry, variable.unary[a]);
    }
    for (std::size_t column = 0; column < columns; ++column) {
      for (std::size_t a = 0; a < domain; ++a) sums[a] = partial[a] + Sum(far[column * domain + a]);
      best.add(state, variable, sums);
    }
  }
  if (best.twice || !worth_a_table(state, best.costs, near.size() + far.size())) return false;
  state.write_down(ReductionTrace::Kind::kEliminate, v);
  state.constant += take_common(state, best.costs);
  state.log.follows_two(v, first, state.variables[first].strategies, second,
                        state.variables[second].strategies, best.strategies);
  const std::int32_t table = state.tables.add(static_cast<std::int32_t>(rows),
                                              static_cast<std::int32_t>(columns), best.costs);
  state.remove_link(first_id);
  state.remove_link(second_id);
  state.retire(v);
  state.add_link(first, second, table);
  return true;
}

bool fold_variable(State& state, std::int32_t v) {
  const Variable& variable = state.variables[v];
  if (!variable.alive || !variable.doomed.empty()) return false;
  if (variable.domain() == 1) return fold_single(state, v);
  if (variable.degree > 2) return false;
  state.profile(v);
  if (!variable.pieces.empty()) return false;
  const auto ids = links_of(state, v);
  if (ids.empty()) {
    choose_cheapest(state, v);
    return true;
  }
  if (ids.size() == 1) return minimise_leaf(state, v, ids[0]);
  if (state.links[ids[0]].other(v) == state.links[ids[1]].other(v)) return false;
  return minimise_between(state, v, ids[0], ids[1]);
}

}  // namespace

bool fold(State& state, StopGlance& stop) {
  bool changed = false;
  while (!state.fold_links.empty() || !state.fold_variables.empty()) {
    if (stop.stopped()) break;
    while (!state.fold_links.empty() && !stop.stopped())
      if (fold_link(state, state.fold_links.pop())) changed = true;
    if (!state.fold_variables.empty() && fold_variable(state, state.fold_variables.pop()))
      changed = true;
  }
  return changed;
}

}  // namespace warpshard::reduce
