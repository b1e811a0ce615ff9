#pragma once

#include <cstdint>
#include <random>

#include "warpshard/problem.h"

namespace warpshard::testing {

/// All nodes live at once, every two joined by an edge, so that no reduction takes it apart. Edges
/// cost less than `most`; the less that is, the more plans cost the same.
inline Problem dense_problem(std::int32_t nodes, std::int64_t most) {
  constexpr std::int32_t kStrategies = 3;
  std::mt19937_64 random(1);
  Problem problem;
  problem.name = "dense";
  for (std::int32_t node = 0; node < nodes; ++node) {
    for (std::int32_t strategy = 0; strategy < kStrategies; ++strategy) {
      problem.costs.push_back(0);
      problem.usages.push_back(1);
    }
    problem.strategy_offsets.push_back(kStrategies * (node + 1));
    problem.intervals.push_back({0, 1});
    for (std::int32_t other = 0; other < node; ++other) {
      problem.edge_nodes.insert(problem.edge_nodes.end(), {other, node});
      problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
      problem.edge_tables.push_back(static_cast<std::int32_t>(problem.edge_tables.size()));
      for (int entry = 0; entry < kStrategies * kStrategies; ++entry)
        problem.entries.push_back(
            static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most)));
      problem.table_offsets.push_back(static_cast<std::int64_t>(problem.entries.size()));
    }
  }
  return problem;
}

}  // namespace warpshard::testing
