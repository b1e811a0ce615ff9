#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "warpshard/evaluate.h"
#include "warpshard/problem.h"

namespace warpshard::testing {

inline constexpr std::int32_t kRingNodes = 9;
inline constexpr std::int32_t kRingStrategies = 3;

/// A ring of nodes with random costs and usages and a limit that binds.
inline Problem ring(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t bound) {
    return static_cast<std::int64_t>(random() % bound);
  };
  Problem problem;
  for (std::int32_t node = 0; node < kRingNodes; ++node) {
    for (std::int32_t s = 0; s < kRingStrategies; ++s) {
      problem.costs.push_back(below(50));
      problem.usages.push_back(10 + below(20));
    }
    problem.strategy_offsets.push_back(static_cast<std::int64_t>(problem.costs.size()));
    const std::int64_t lower = below(3);
    problem.intervals.push_back({lower, lower + 3 + below(4)});
    problem.edge_nodes.insert(problem.edge_nodes.end(), {node, (node + 1) % kRingNodes});
    problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
    problem.edge_tables.push_back(node);
    for (std::int32_t k = 0; k < kRingStrategies * kRingStrategies; ++k)
      problem.entries.push_back(below(100));
    problem.table_offsets.push_back(static_cast<std::int64_t>(problem.entries.size()));
  }
  problem.usage_limit = 18 * kRingNodes;
  return problem;
}

/// The least cost of a plan within the limit.
inline std::optional<Cost> least_cost(const Problem& problem) {
  std::optional<Cost> best;
  Plan plan(kRingNodes, 0);
  for (;;) {
    const auto evaluation = evaluate(problem, plan);
    if (evaluation.ok() && evaluation->within_limit && (!best || evaluation->cost < *best))
      best = evaluation->cost;
    std::int32_t node = 0;
    while (node < kRingNodes && ++plan[node] == kRingStrategies) plan[node++] = 0;
    if (node == kRingNodes) return best;
  }
}

}  // namespace warpshard::testing
