#include <gtest/gtest.h>

#include "host/reduce/steps.h"
#include "tests/reduce/small_problem.h"

namespace warpshard::reduce {
namespace {

using testing::SmallProblem;
constexpr std::int64_t kX = kForbidden;

std::vector<std::int64_t> entries_of(const State& state, const Link& link) {
  const auto entries = state.tables.entries(link.table);
  return {entries.begin(), entries.end()};
}

/// A node that memory keeps in the problem.
SmallProblem& held(SmallProblem& problem, const std::vector<std::int64_t>& costs) {
  std::vector<std::int64_t> usages;
  for (std::size_t a = 0; a < costs.size(); ++a) usages.push_back(static_cast<std::int64_t>(a));
  return problem.node(costs, usages, {0, 1}).limit(1);
}

TEST(Fold, AddsUpParallelLinksInEitherDirection) {
  State state = SmallProblem()
                    .node({0, 0})
                    .node({0, 0})
                    .edge({0, 1}, {0, 1, 2, 4})
                    .edge({1, 0}, {0, 10, 20, kX})
                    .state();
  EXPECT_TRUE(merge_parallel(state, testing::never()));
  EXPECT_EQ(state.num_links, 1);
  const Link& link = state.links[state.links[0].alive() ? 0 : 1];
  const auto expected = link.u == 0 ? std::vector<std::int64_t>{0, 21, 12, kBlocked}
                                    : std::vector<std::int64_t>{0, 12, 21, kBlocked};
  EXPECT_EQ(entries_of(state, link), expected);
}

TEST(Fold, KeepsApartWhatWouldBeForbiddenTwice) {
  State state = SmallProblem()
                    .node({0, 0})
                    .node({0, 0})
                    .edge({0, 1}, {0, 1, 2, kX})
                    .edge({0, 1}, {0, 10, 20, kX})
                    .state(false);
  EXPECT_FALSE(merge_parallel(state, testing::never()));
  EXPECT_EQ(state.num_links, 2);
}

TEST(Fold, TakesSingleValuesOut) {
  SmallProblem problem;
  held(problem, {0, 0, 0}).node({7}, {1}, {0, 1}).edge({1, 0}, {4, 5, kX}).limit(3);
  State state = problem.state();
  EXPECT_TRUE(fold(state, testing::never()));
  forbid(state, testing::never());
  EXPECT_EQ(state.num_variables, 1);
  EXPECT_EQ(state.variables[0].unary, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(state.constant, (Cost{0, 11}));
  state.settle_capacity();
  EXPECT_EQ(state.capacity, std::vector<std::int64_t>{2});
}

TEST(Fold, SplitsSeparableLinks) {
  SmallProblem problem;
  held(held(problem, {0, 0}), {0, 0}).edge({0, 1}, {1, 4, 6, 9});
  State state = problem.state();
  EXPECT_TRUE(fold(state, testing::never()));
  EXPECT_EQ(state.num_links, 0);
  EXPECT_EQ(state.variables[0].unary, (std::vector<std::int64_t>{0, 5}));
  EXPECT_EQ(state.variables[1].unary, (std::vector<std::int64_t>{0, 3}));
  EXPECT_EQ(state.constant, (Cost{0, 1}));
}

TEST(Fold, LeavesThePatternOfASeparableLinkWithForbiddenEntries) {
  SmallProblem problem;
  held(held(problem, {0, 0, 0}), {0, 0, 0}).edge({0, 1}, {1, 4, 2, 6, 9, 7, 8, kX, 9}).limit(2);
  State state = problem.state();
  EXPECT_TRUE(fold(state, testing::never()));
  ASSERT_EQ(state.num_links, 1);
  EXPECT_EQ(entries_of(state, state.links[0]),
            (std::vector<std::int64_t>{0, 0, 0, 0, 0, 0, 0, kBlocked, 0}));
  EXPECT_EQ(state.variables[0].unary, (std::vector<std::int64_t>{0, 5, 7}));
  EXPECT_EQ(state.variables[1].unary, (std::vector<std::int64_t>{0, 3, 1}));
}

TEST(Fold, ChoosesTheCheapestValueOfALonelyNode) {
  State state = SmallProblem().node({4, 2, 3}).state();
  EXPECT_TRUE(fold(state, testing::never()));
  EXPECT_EQ(state.num_variables, 0);
  EXPECT_EQ(state.constant, (Cost{0, 2}));
  std::vector<std::int32_t> plan{-1};
  state.log.lift(plan);
  EXPECT_EQ(plan[0], 1);
}

TEST(Fold, MinimisesALeafOut) {
  SmallProblem problem;
  held(problem, {0, 0}).node({0, 1}).edge({0, 1}, {5, 3, 0, 9});
  State state = problem.state();
  EXPECT_TRUE(fold(state, testing::never()));
  EXPECT_EQ(state.num_variables, 1);
  EXPECT_EQ(state.variables[0].unary, (std::vector<std::int64_t>{4, 0}));
  std::vector<std::int32_t> plan{0, -1};
  state.log.lift(plan);
  EXPECT_EQ(plan[1], 1);
}

TEST(Fold, MinimisesAVariableBetweenTwoOthersOut) {
  SmallProblem problem;
  held(held(problem, {0, 0}), {0, 0})
      .node({0, 2})
      .edge({0, 2}, {0, 5, 5, 0})
      .edge({2, 1}, {0, 5, 5, 0});
  State state = problem.state();
  EXPECT_TRUE(fold(state, testing::never()));
  EXPECT_EQ(state.num_variables, 2);
  ASSERT_EQ(state.num_links, 1);
  EXPECT_EQ(entries_of(state, state.links.back()), (std::vector<std::int64_t>{0, 5, 5, 2}));
  std::vector<std::int32_t> plan{1, 1, -1};
  state.log.lift(plan);
  EXPECT_EQ(plan[2], 1);
}

TEST(Fold, KeepsNodesThatUseMemory) {
  SmallProblem problem;
  held(held(problem, {0, 0}), {0, 0}).edge({0, 1}, {0, 5, 5, 0});
  State state = problem.state();
  EXPECT_FALSE(fold(state, testing::never()));
  EXPECT_EQ(state.num_variables, 2);
}

}  // namespace
}  // namespace warpshard::reduce
