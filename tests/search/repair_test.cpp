#include "host/plan/plan_repair.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/reduce/random_problem.h"

namespace warpshard {
namespace {

using Time = std::chrono::steady_clock::time_point;

class Repair : public ::testing::TestWithParam<int> {};

TEST_P(Repair, MakesAnythingAPlanWithinTheLimit) {
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  const Problem problem = testing::random_problem(random, testing::random_style(random));
  Plan entries(random() % 10);
  for (auto& entry : entries) entry = static_cast<std::int32_t>(random() % 8) - 2;
  const RepairedPlan repaired = repair_plan(problem, entries);
  ASSERT_EQ(repaired.plan.size(), static_cast<std::size_t>(problem.num_nodes()));
  EXPECT_EQ(testing::naive_evaluate(problem, repaired.plan).within_limit, repaired.within_limit);
  EXPECT_EQ(repaired.within_limit, testing::brute_force(problem).has_value());
  EXPECT_EQ(repaired.changed(), repaired.plan != entries);
  EXPECT_EQ(repaired.changed(), !repaired.description().empty());
}

TEST_P(Repair, KeepsAPlanThatFits) {
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  const Problem problem = testing::random_problem(random, testing::random_style(random));
  const auto optimum = testing::brute_force(problem);
  if (!optimum) return;
  const RepairedPlan repaired = repair_plan(problem, optimum->plan);
  EXPECT_FALSE(repaired.changed());
  EXPECT_EQ(repaired.plan, optimum->plan);
}

TEST_P(Repair, GreedyPlansAreWithinTheLimitIfAnyIs) {
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  const Problem problem = testing::random_problem(random, testing::random_style(random));
  // With time for repairs and without.
  for (const auto deadline : {Time::max(), Time::min()}) {
    const RepairedPlan greedy = greedy_plan(problem, StopToken(deadline));
    ASSERT_EQ(greedy.plan.size(), static_cast<std::size_t>(problem.num_nodes()));
    EXPECT_EQ(testing::naive_evaluate(problem, greedy.plan).within_limit, greedy.within_limit);
    EXPECT_EQ(greedy.within_limit, testing::brute_force(problem).has_value());
  }
}

TEST_P(Repair, GreedyPlansTakeTheCheapestBesideEarlierNodes) {
  // Without a limit, a node can do no better than its cheapest strategy beside those before it.
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  Problem problem = testing::random_problem(random, testing::random_style(random));
  problem.usage_limit.reset();
  const Plan plan = greedy_plan(problem, {}).plan;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const auto cost_with = [&](std::int32_t strategy) {
      Plan changed = plan;
      changed[node] = strategy;
      Cost cost = Cost::of_entry(problem.node_costs(node)[strategy]);
      for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
        if (std::ranges::max(problem.nodes_of_edge(edge)) == node)
          cost += Cost::of_entry(problem.entry_of_edge(edge, changed));
      return cost;
    };
    for (std::int32_t strategy = 0; strategy < problem.num_strategies(node); ++strategy)
      EXPECT_LE(cost_with(plan[node]), cost_with(strategy)) << node << ", " << strategy;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Repair, ::testing::Range(0, 100));

}  // namespace
}  // namespace warpshard
