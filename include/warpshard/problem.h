#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace warpshard {

/// Half-open range of time [lower, upper); empty where upper <= lower.
struct Interval {
  std::int64_t lower = 0;
  std::int64_t upper = 0;
  bool empty() const { return upper <= lower; }
};

/// One strategy per node, as printed for the contest.
using Plan = std::vector<std::int32_t>;

/// An instance exactly as its file states it, in flat arrays (host memory, owned).
///
/// Node i's strategies are entries strategy_offsets[i] .. strategy_offsets[i + 1] of `costs` and
/// `usages`. Edge e joins nodes edge_nodes[edge_offsets[e] .. edge_offsets[e + 1]] (one or more,
/// repeats allowed) and reads table edge_tables[e]; equal tables are stored once. A table's
/// entries are row-major over its edge's nodes: the last node's strategy varies fastest.
struct Problem {
  std::string name;
  std::vector<std::int64_t> strategy_offsets{0};  ///< [nodes + 1]
  std::vector<std::int64_t> costs;                ///< [strategies] cost units
  std::vector<std::int64_t> usages;               ///< [strategies] memory units, never negative
  std::vector<Interval> intervals;                ///< [nodes]
  std::vector<std::int64_t> edge_offsets{0};      ///< [edges + 1]
  std::vector<std::int32_t> edge_nodes;           ///< [edge ends]
  std::vector<std::int32_t> edge_tables;          ///< [edges] index of a table
  std::vector<std::int64_t> table_offsets{0};     ///< [tables + 1]
  std::vector<std::int64_t> entries;              ///< [table entries] cost units
  std::optional<std::int64_t> usage_limit;        ///< memory units; none: unlimited

  std::int32_t num_nodes() const { return static_cast<std::int32_t>(intervals.size()); }
  std::int64_t num_edges() const { return static_cast<std::int64_t>(edge_tables.size()); }
  std::int32_t num_strategies(std::int32_t node) const {
    return static_cast<std::int32_t>(strategy_offsets[node + 1] - strategy_offsets[node]);
  }
  std::span<const std::int64_t> node_costs(std::int32_t node) const {
    return {costs.data() + strategy_offsets[node], costs.data() + strategy_offsets[node + 1]};
  }
  std::span<const std::int64_t> node_usages(std::int32_t node) const {
    return {usages.data() + strategy_offsets[node], usages.data() + strategy_offsets[node + 1]};
  }
  std::span<const std::int32_t> nodes_of_edge(std::int64_t edge) const {
    return {edge_nodes.data() + edge_offsets[edge], edge_nodes.data() + edge_offsets[edge + 1]};
  }
  std::span<const std::int64_t> table_of_edge(std::int64_t edge) const {
    const auto table = edge_tables[edge];
    return {entries.data() + table_offsets[table], entries.data() + table_offsets[table + 1]};
  }
  /// What the edge costs under a plan: cost units, kForbidden or more where that is forbidden.
  std::int64_t entry_of_edge(std::int64_t edge, std::span<const std::int32_t> plan) const {
    std::int64_t at = 0;
    for (const std::int32_t node : nodes_of_edge(edge)) at = at * num_strategies(node) + plan[node];
    return table_of_edge(edge)[at];
  }
};

}  // namespace warpshard
