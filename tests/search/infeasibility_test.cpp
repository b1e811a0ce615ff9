#include "host/plan/infeasibility.h"

#include <gtest/gtest.h>

namespace warpshard {
namespace {

/// Three nodes; the first two are live together at time 5.
Problem overlapping() {
  Problem problem;
  problem.strategy_offsets = {0, 2, 3, 4};
  problem.costs = {1, 2, 3, 4};
  problem.usages = {50, 40, 70, 90};
  problem.intervals = {{0, 10}, {5, 8}, {20, 30}};
  problem.usage_limit = 100;
  return problem;
}

TEST(Infeasibility, NamesTheSmallestLimitTheTimeAndTheNodes) {
  const Infeasibility why = least_peak(overlapping());
  EXPECT_EQ(why.smallest_limit, 110);
  EXPECT_EQ(why.time, 5);
  EXPECT_EQ(why.nodes, (std::vector<std::int32_t>{1, 0}));
}

TEST(Infeasibility, IsOneLine) {
  const std::string line = describe_infeasibility(overlapping());
  EXPECT_NE(line.find("limit of 100"), std::string::npos);
  EXPECT_NE(line.find("110"), std::string::npos);
  EXPECT_NE(line.find("node 1 (70)"), std::string::npos);
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace warpshard
