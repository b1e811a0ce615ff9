#include "host/reduce/steps.h"

namespace warpshard::reduce {

namespace {

/// Merges `follower` into `leader`, whose value a leaves the follower only value map[a].
void merge(State& state, std::int32_t leader, std::int32_t follower, std::int32_t map_id) {
  const auto span = state.tables.maps().at(map_id);
  const std::vector<std::int32_t> map(span.begin(), span.end());
  state.write_down(ReductionTrace::Kind::kMerge, follower, leader);
  Variable& from = state.variables[follower];
  Variable& to = state.variables[leader];

  std::vector<std::int32_t> strategies(state.original_sizes[leader], -1);
  for (std::size_t a = 0; a < map.size(); ++a)
    strategies[to.strategies[a]] = from.strategies[map[a]];
  state.log.follows(follower, leader, strategies, true);

  std::vector<std::int64_t> costs(map.size());
  for (std::size_t a = 0; a < map.size(); ++a) costs[a] = from.unary[map[a]];
  state.move_usage(follower, leader, map);

  state.for_each_link(follower, [&](std::int32_t id) {
    const Link link = state.links[id];
    if (link.other(follower) == leader) {
      const auto entries = state.tables.entries(state.table_from(leader, link));
      for (std::size_t a = 0; a < map.size(); ++a)
        costs[a] = hard_sum(costs[a], entries[a * from.strategies.size() + map[a]]);
      state.remove_link(id);
      return;
    }
    const bool first = link.u == follower;
    Link& moved = state.links[id];
    (first ? moved.u : moved.v) = leader;
    to.edges.push_back(id);
    ++to.degree;
    state.set_table(id, first ? state.tables.gather(link.table, map_id, kNone)
                              : state.tables.gather(link.table, kNone, map_id));
  });
  state.add_unary(leader, costs);
  state.crowded_variables.push(leader);
  state.retire(follower);
}

/// How many links and pieces of memory a merge would move.
std::size_t weight(const Variable& variable) {
  return static_cast<std::size_t>(variable.degree) + variable.pieces.size();
}

bool merge_across(State& state, const Link& link) {
  const TableTraits traits = state.tables.traits(link.table);
  const bool v_follows = traits.column_of_row != kNone;
  const bool u_follows = traits.row_of_column != kNone;
  if (!v_follows && !u_follows) return false;
  const bool merge_v = v_follows && (!u_follows || weight(state.variables[link.v]) <=
                                                       weight(state.variables[link.u]));
  if (merge_v) {
    merge(state, link.u, link.v, traits.column_of_row);
  } else {
    merge(state, link.v, link.u, traits.row_of_column);
  }
  return true;
}

}  // namespace

bool follow(State& state, StopGlance& stop) {
  bool changed = false;
  while (!state.follow_links.empty() && !stop.stopped()) {
    const Link link = state.links[state.follow_links.pop()];
    if (state.hard && link.alive() && merge_across(state, link)) changed = true;
  }
  return changed;
}

}  // namespace warpshard::reduce
