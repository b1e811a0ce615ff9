#include "host/search/repair.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "tests/reduce/random_problem.h"

namespace warpshard {
namespace {

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

INSTANTIATE_TEST_SUITE_P(Seeds, Repair, ::testing::Range(0, 100));

}  // namespace
}  // namespace warpshard
