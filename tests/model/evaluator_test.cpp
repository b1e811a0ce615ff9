#include "warpshard/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/io/odd_problem.h"

namespace warpshard {
namespace {

/// Two nodes and one edge, small enough to check by hand.
Problem two_nodes() {
  Problem problem;
  problem.intervals = {{0, 10}, {5, 20}};
  problem.strategy_offsets = {0, 2, 5};
  problem.costs = {1, 2, 10, 20, 30};
  problem.usages = {7, 3, 4, 5, 6};
  problem.edge_offsets = {0, 2};
  problem.edge_nodes = {0, 1};
  problem.edge_tables = {0};
  problem.table_offsets = {0, 6};
  problem.entries = {100, 200, 300, 400, 500, kForbidden + 7};
  problem.usage_limit = 10;
  return problem;
}

TEST(Evaluator, AddsNodeAndEdgeCosts) {
  const auto evaluation = evaluate(two_nodes(), Plan{0, 1});
  ASSERT_TRUE(evaluation);
  EXPECT_EQ(evaluation->cost, (Cost{0, 1 + 20 + 200}));
  EXPECT_EQ(evaluation->peak_usage, 12);
  EXPECT_EQ(evaluation->peak_time, 5);
  EXPECT_EQ(evaluation->violations, 1);
  EXPECT_FALSE(evaluation->within_limit);
}

TEST(Evaluator, CountsForbiddenEntriesApart) {
  const auto evaluation = evaluate(two_nodes(), Plan{1, 2});
  ASSERT_TRUE(evaluation);
  EXPECT_EQ(evaluation->cost, (Cost{1, 2 + 30 + 7}));
  EXPECT_EQ(evaluation->cost.total(), Int128{kForbidden} + 39);
  EXPECT_EQ(evaluation->peak_usage, 9);
  EXPECT_TRUE(evaluation->within_limit);
  EXPECT_EQ(evaluation->violations, 0);
}

TEST(Evaluator, SelfEdgeReadsTheDiagonal) {
  Problem problem = two_nodes();
  problem.edge_nodes = {0, 0};
  problem.table_offsets = {0, 4};
  problem.entries = {1000, 2000, 3000, 4000};
  EXPECT_EQ(evaluate(problem, Plan{0, 0})->cost, (Cost{0, 1 + 10 + 1000}));
  EXPECT_EQ(evaluate(problem, Plan{1, 0})->cost, (Cost{0, 2 + 10 + 4000}));
}

TEST(Evaluator, IntervalsAreHalfOpenAndMayBeEmpty) {
  Problem problem = two_nodes();
  problem.intervals = {{0, 5}, {5, 20}};
  EXPECT_EQ(evaluate(problem, Plan{0, 1})->peak_usage, 7);
  EXPECT_EQ(evaluate(problem, Plan{0, 1})->peak_time, 0);
  problem.intervals = {{5, 5}, {20, 5}};
  const auto evaluation = evaluate(problem, Plan{0, 1});
  EXPECT_EQ(evaluation->peak_usage, 0);
  EXPECT_EQ(evaluation->peak_time, 0);
  EXPECT_TRUE(evaluation->within_limit);
}

TEST(Evaluator, WithoutALimitEverythingFits) {
  Problem problem = two_nodes();
  problem.usage_limit.reset();
  problem.usages.assign(5, INT64_MAX);
  const auto evaluation = evaluate(problem, Plan{0, 0});
  EXPECT_TRUE(evaluation->within_limit);
  EXPECT_EQ(evaluation->violations, 0);
  EXPECT_EQ(evaluation->peak_usage, Int128{INT64_MAX} * 2);
}

TEST(Evaluator, TotalsGoBeyond64Bits) {
  Problem problem = two_nodes();
  problem.costs.assign(5, INT64_MAX);
  problem.entries.assign(6, INT64_MAX);
  EXPECT_EQ(evaluate(problem, Plan{0, 0})->cost.total(), Int128{INT64_MAX} * 3);
  problem.costs.assign(5, INT64_MIN);
  problem.entries.assign(6, INT64_MIN);
  EXPECT_EQ(evaluate(problem, Plan{0, 0})->cost.total(), Int128{INT64_MIN} * 3);
}

TEST(Evaluator, RefusesPlansThatDoNotFitTheInstance) {
  EXPECT_EQ(evaluate(two_nodes(), Plan{0}).error().message, "the plan has 1 entries for 2 nodes");
  EXPECT_EQ(evaluate(two_nodes(), Plan{0, 3}).error().message,
            "node 1: strategy 3 is not in [0, 3)");
  EXPECT_EQ(evaluate(two_nodes(), Plan{-1, 0}).error().message,
            "node 0: strategy -1 is not in [0, 2)");
}

/// Everything in 128 bits, usage recounted from scratch at every time.
struct Naive {
  Int128 total = 0;
  std::int64_t forbidden = 0;
  Int128 peak = 0;
  std::int64_t peak_time = 0;
  std::int64_t violations = 0;

  void add(std::int64_t entry) {
    total += entry;
    forbidden += entry >= kForbidden ? 1 : 0;
  }
};

std::int64_t entry_of_edge(const Problem& problem, const Plan& plan, std::int64_t edge) {
  std::int64_t index = 0;
  std::int64_t stride = 1;
  const auto nodes = problem.nodes_of_edge(edge);
  for (std::size_t end = nodes.size(); end-- > 0;) {
    index += plan[nodes[end]] * stride;
    stride *= problem.num_strategies(nodes[end]);
  }
  return problem.table_of_edge(edge)[index];
}

Naive naive_evaluation(const Problem& problem, const Plan& plan) {
  Naive naive;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    naive.add(problem.costs[problem.strategy_offsets[node] + plan[node]]);
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
    naive.add(entry_of_edge(problem, plan, edge));
  std::map<std::int64_t, Int128> usage_from;  // each time something changes
  for (const Interval& interval : problem.intervals)
    if (interval.lower < interval.upper)
      usage_from[interval.lower] = usage_from[interval.upper] = 0;
  for (auto& [time, usage] : usage_from) {
    for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
      const Interval interval = problem.intervals[node];
      if (interval.lower <= time && time < interval.upper)
        usage += problem.usages[problem.strategy_offsets[node] + plan[node]];
    }
    if (usage > naive.peak) {
      naive.peak = usage;
      naive.peak_time = time;
    }
    if (problem.usage_limit && usage > *problem.usage_limit) ++naive.violations;
  }
  return naive;
}

TEST(Evaluator, AgreesWithANaiveOneOnRandomInstances) {
  test::Random random(1);
  for (int round = 0; round < 5000; ++round) {
    const Problem problem = test::odd_problem(random);
    const Plan plan = test::random_plan(random, problem);
    const auto evaluation = evaluate(problem, plan);
    ASSERT_TRUE(evaluation);
    const Naive naive = naive_evaluation(problem, plan);
    ASSERT_EQ(evaluation->cost.forbidden, naive.forbidden);
    ASSERT_EQ(to_string(evaluation->cost.total()), to_string(naive.total));
    ASSERT_EQ(to_string(evaluation->peak_usage), to_string(naive.peak));
    ASSERT_EQ(evaluation->peak_time, naive.peak_time);
    ASSERT_EQ(evaluation->violations, naive.violations);
    ASSERT_EQ(evaluation->within_limit, naive.violations == 0);
  }
}

}  // namespace
}  // namespace warpshard
