#include "host/generate/memory_plan.h"

#include <gtest/gtest.h>

#include <random>

#include "warpshard/evaluate.h"

namespace warpshard::generator {
namespace {

/// Up to 6 nodes of 2 or 3 strategies, random ties, random intervals.
Problem random_problem(std::mt19937_64& bits) {
  Problem problem;
  const int nodes = 2 + static_cast<int>(bits() % 5);
  const int strategies = 2 + static_cast<int>(bits() % 2);
  for (int node = 0; node < nodes; ++node) {
    for (int s = 0; s < strategies; ++s) {
      const bool forbid = s + 1 < strategies && bits() % 4 == 0;
      problem.costs.push_back(forbid ? kForbidden : static_cast<std::int64_t>(bits() % 10));
      problem.usages.push_back(static_cast<std::int64_t>(bits() % 20));
    }
    problem.strategy_offsets.push_back(static_cast<std::int64_t>(problem.costs.size()));
    const auto lower = static_cast<std::int64_t>(bits() % 5);
    problem.intervals.push_back({lower, lower + static_cast<std::int64_t>(bits() % 4)});
  }
  for (int i = 0; i < strategies * strategies; ++i)
    problem.entries.push_back(i % (strategies + 1) == 0 ? 0 : kForbidden);
  problem.table_offsets.push_back(static_cast<std::int64_t>(problem.entries.size()));
  for (int node = 1; node < nodes; ++node) {
    if (bits() % 2 == 0) continue;
    problem.edge_nodes.push_back(static_cast<std::int32_t>(bits() % static_cast<unsigned>(node)));
    problem.edge_nodes.push_back(node);
    problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
    problem.edge_tables.push_back(0);
  }
  return problem;
}

std::int64_t smallest_peak(const Problem& problem) {
  const std::int32_t strategies = problem.num_strategies(0);
  std::int64_t best = -1;
  Plan plan(static_cast<std::size_t>(problem.num_nodes()), 0);
  for (;;) {
    const auto evaluation = evaluate(problem, plan);
    if (evaluation->cost.forbidden == 0) {
      const auto peak = static_cast<std::int64_t>(evaluation->peak_usage);
      if (best < 0 || peak < best) best = peak;
    }
    std::size_t node = 0;
    while (node < plan.size() && ++plan[node] == strategies) plan[node++] = 0;
    if (node == plan.size()) return best;
  }
}

TEST(MemoryPlan, KeepsTheRulesAndIsNearlyAlwaysTheSmallest) {
  std::mt19937_64 bits(7);
  int optimal = 0;
  constexpr int kTrials = 300;
  for (int trial = 0; trial < kTrials; ++trial) {
    const Problem problem = random_problem(bits);
    const MemoryPlan found = find_memory_plan(problem);
    const auto evaluation = evaluate(problem, found.plan);
    ASSERT_TRUE(evaluation.ok());
    EXPECT_EQ(evaluation->cost.forbidden, 0);
    EXPECT_EQ(static_cast<std::int64_t>(evaluation->peak_usage), found.peak);
    const std::int64_t smallest = smallest_peak(problem);
    EXPECT_GE(found.peak, smallest);
    optimal += found.peak == smallest ? 1 : 0;
  }
  EXPECT_GT(optimal, kTrials * 8 / 10);
}

}  // namespace
}  // namespace warpshard::generator
