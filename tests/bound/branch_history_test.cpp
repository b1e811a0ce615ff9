#include "host/bound/branch_history.h"

#include <gtest/gtest.h>

namespace warpshard {
namespace {

constexpr BranchSide first(std::int32_t variable, double predicted) {
  return {variable, 0, predicted};
}
constexpr BranchSide others(std::int32_t variable, double predicted) {
  return {variable, 1, predicted};
}

TEST(BranchHistory, SaysNothingOfVariablesThatWereNeverSplit) {
  BranchHistory history;
  EXPECT_EQ(history.factor(3), 1);
  history.record(first(5, 10), 20);
  EXPECT_EQ(history.factor(3), 1);
}

TEST(BranchHistory, RaisesWhatBroughtMoreThanUsualAndLowersWhatBroughtLess) {
  BranchHistory history;
  for (const BranchSide& side : {first(1, 10), others(1, 10)}) history.record(side, 30);
  for (const BranchSide& side : {first(2, 10), others(2, 10)}) history.record(side, 10);
  EXPECT_GT(history.factor(1), 1);
  EXPECT_LT(history.factor(2), 1);
}

TEST(BranchHistory, WantsBothSidesToGain) {
  BranchHistory history;
  history.record(first(1, 10), 40);
  history.record(others(1, 10), 0);
  history.record(first(2, 10), 20);
  history.record(others(2, 10), 20);
  EXPECT_LT(history.factor(1), history.factor(2));
}

TEST(BranchHistory, AgreesMoreWithTheVariableItselfTheMoreIsKnown) {
  BranchHistory history;
  history.record(first(2, 10), 10);
  history.record(first(1, 10), 0);
  const double once = history.factor(1);
  for (int i = 0; i < 5; ++i) {
    history.record(first(2, 10), 10);
    history.record(first(1, 10), 0);
  }
  EXPECT_GT(once, 0);
  EXPECT_LT(history.factor(1), once);
}

TEST(BranchHistory, DoesNotDependOnTheUnitOfCosts) {
  BranchHistory history;
  BranchHistory scaled;
  for (const std::int32_t v : {4, 1, 4, 2}) {
    history.record(first(v, 3 * v), 5);
    scaled.record(first(v, 1024.0 * 3 * v), 1024.0 * 5);
  }
  for (const std::int32_t v : {1, 2, 4}) EXPECT_EQ(history.factor(v), scaled.factor(v));
}

TEST(BranchHistory, IsTheSameAfterACheckpoint) {
  BranchHistory history;
  history.record(first(7, 10), 20);
  history.record(others(3, 10), 5);
  Archive out;
  history.transfer(out);
  const auto bytes = out.take();
  Archive in(bytes);
  BranchHistory read;
  read.transfer(in);
  EXPECT_TRUE(in.at_end());
  for (const std::int32_t v : {3, 7, 8}) EXPECT_EQ(read.factor(v), history.factor(v));
}

}  // namespace
}  // namespace warpshard
