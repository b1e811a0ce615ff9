// Numbers at the ends of their range: what comes out is exact, or refused in one line.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>

#include "tests/reduce/random_problem.h"
#include "tests/support/counted.h"
#include "warpshard/solve.h"

namespace warpshard {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

SolverResult solve_briefly(const Problem& problem) {
  return testing::solve_quietly(problem, testing::counted(20));
}

void expect_optimum_or_refusal(const Problem& problem) {
  const SolverResult result = solve_briefly(problem);
  if (result.status == SolverStatus::kError) {
    EXPECT_NE(result.message.find("do not fit"), std::string::npos) << result.message;
    return;
  }
  const auto optimum = testing::brute_force(problem);
  ASSERT_EQ(!result.plan.empty(), optimum.has_value());
  if (!optimum) return;
  const auto judged = testing::naive_evaluate(problem, result.plan);
  EXPECT_TRUE(judged.within_limit);
  EXPECT_EQ(judged.cost, result.evaluation.cost);
  // Plans with forbidden entries are ranked by their finite parts only where those fit beside them.
  EXPECT_EQ(judged.cost.forbidden, optimum->cost.forbidden);
  if (optimum->cost.forbidden == 0) {
    EXPECT_EQ(judged.cost, optimum->cost);
  }
  if (result.bound && optimum->cost.forbidden == 0) {
    EXPECT_LE(*result.bound, optimum->cost);
  }
}

class ExtremeValues : public ::testing::TestWithParam<int> {
 protected:
  Problem problem() {
    testing::Style style = testing::random_style(random_);
    style.max_cost = 9;
    style.max_usage = 6;
    return testing::random_problem(random_, style);
  }
  std::mt19937_64 random_{static_cast<std::uint64_t>(GetParam())};
};

/// Multiplies what is finite.
void scale(std::vector<std::int64_t>& entries, std::int64_t factor) {
  for (std::int64_t& entry : entries)
    if (!is_forbidden(entry)) entry *= factor;
}

TEST_P(ExtremeValues, CostsNearForbidden) {
  Problem large = problem();
  constexpr std::int64_t kFactor = 5'000'000'000'000'003;
  scale(large.costs, kFactor);
  scale(large.entries, kFactor);
  expect_optimum_or_refusal(large);
}

TEST_P(ExtremeValues, CostsAtTheEndsOf64Bits) {
  Problem large = problem();
  for (auto* list : {&large.costs, &large.entries})
    for (std::int64_t& entry : *list)
      if (random_() % 8 == 0) {
        const std::int64_t less = std::abs(entry % 3);
        entry = random_() % 2 == 0 ? kMost - less : -kMost + less;
      }
  expect_optimum_or_refusal(large);
}

TEST_P(ExtremeValues, UsagesAndLimitNearTheEndOf64Bits) {
  Problem large = problem();
  constexpr std::int64_t kFactor = 30'000'000'000'000'001;
  for (std::int64_t& usage : large.usages) usage *= kFactor;
  if (large.usage_limit) large.usage_limit = *large.usage_limit * kFactor + kFactor / 2;
  expect_optimum_or_refusal(large);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ExtremeValues, ::testing::Range(0, 25));

/// Nodes that share one time and have two strategies each, of the given costs and usages.
Problem row_of(std::int32_t nodes, std::int64_t cost, std::int64_t usage) {
  Problem problem;
  for (std::int32_t node = 0; node < nodes; ++node) {
    problem.intervals.push_back({-(std::int64_t{1} << 62), std::int64_t{1} << 62});
    problem.costs.insert(problem.costs.end(), {cost, cost});
    problem.usages.insert(problem.usages.end(), {usage, usage});
    problem.strategy_offsets.push_back(static_cast<std::int64_t>(problem.costs.size()));
  }
  return problem;
}

TEST(ExtremeSums, HundredsOfThousandsOfForbiddenEntries) {
  constexpr std::int32_t kNodes = 300'000;
  const SolverResult result = solve_briefly(row_of(kNodes, kForbidden, 0));
  ASSERT_EQ(result.plan.size(), static_cast<std::size_t>(kNodes));
  EXPECT_EQ(result.evaluation.cost, (Cost{kNodes, 0}));
  EXPECT_EQ(to_string(result.evaluation.cost.total()), "300000000000000000000000");
}

TEST(ExtremeSums, CostsThatAddUpToMoreThan64Bits) {
  constexpr std::int32_t kNodes = 300'000;
  const SolverResult dear = solve_briefly(row_of(kNodes, kMost, 0));
  ASSERT_EQ(dear.plan.size(), static_cast<std::size_t>(kNodes));
  EXPECT_EQ(to_string(dear.evaluation.cost.total()), "2767011611056432742100000");
  const SolverResult cheap = solve_briefly(row_of(kNodes, -kMost - 1, 0));
  ASSERT_EQ(cheap.plan.size(), static_cast<std::size_t>(kNodes));
  EXPECT_EQ(to_string(cheap.evaluation.cost.total()), "-2767011611056432742400000");
}

TEST(ExtremeSums, UsagesThatAddUpToMoreThan64Bits) {
  Problem problem = row_of(300'000, 1, kMost);
  const auto evaluation = evaluate(problem, Plan(300'000, 1));
  ASSERT_TRUE(evaluation);
  EXPECT_EQ(to_string(evaluation->peak_usage), "2767011611056432742100000");
  EXPECT_EQ(evaluation->peak_time, -(std::int64_t{1} << 62));
  problem.usage_limit = kMost;
  EXPECT_FALSE(evaluate(problem, Plan(300'000, 1))->within_limit);
  const SolverResult result = solve_briefly(problem);
  EXPECT_EQ(result.status, SolverStatus::kError);
  EXPECT_NE(result.message.find("2767011611056432742100000"), std::string::npos) << result.message;
}

}  // namespace
}  // namespace warpshard
