#include <gtest/gtest.h>

#include "host/reduce/steps.h"
#include "tests/reduce/small_problem.h"

namespace warpshard::reduce {
namespace {

using testing::SmallProblem;
constexpr std::int64_t kX = kForbidden;

std::vector<std::int32_t> left_after_dominance(State state, std::int32_t v = 0) {
  dominance(state, testing::never());
  dominance_of_large(state, testing::never());
  EXPECT_TRUE(state.remove_doomed(testing::never()));
  return state.variables[v].strategies;
}

TEST(Dominance, ComparesCostAndMemory) {
  // 1 costs more than 0 for the same memory; 2 costs more but uses less; 3 uses as much as 2.
  const auto problem = SmallProblem().node({5, 6, 7, 7}, {4, 4, 2, 2}, {0, 1}).limit(3);
  EXPECT_EQ(left_after_dominance(problem.state()).size(), 2U);
  EXPECT_EQ(left_after_dominance(problem.state())[0], 0);
}

TEST(Dominance, ComparesMemoryAtEveryTime) {
  State state = SmallProblem()
                    .node({0, 1}, {1, 0}, {0, 1})
                    .node({0, 0}, {0, 3}, {5, 6})
                    .edge({0, 1}, {0, kX, kX, 0})
                    .limit(9)
                    .state();
  follow(state, testing::never());  // value 0 uses (1, 0), value 1 uses (0, 3)
  EXPECT_EQ(left_after_dominance(state, state.variables[0].alive ? 0 : 1).size(), 2U);
}

TEST(Dominance, WeighsTheWorstOfEachNeighbour) {
  // Exchanging 1 for 0 saves 3 itself, and costs at most 2 + 1.
  const std::vector<std::int64_t> first{5, 9, 3, 9};
  const std::vector<std::int64_t> second{2, 1, 1, 9};
  const auto build = [&](std::int64_t saving) {
    return SmallProblem()
        .node({0, saving})
        .node({0, 0})
        .node({0, 0})
        .edge({0, 1}, first)
        .edge({0, 2}, second)
        .state();
  };
  EXPECT_EQ(left_after_dominance(build(3)), std::vector<std::int32_t>{0});
  EXPECT_EQ(left_after_dominance(build(2)).size(), 2U);
}

TEST(Dominance, KeepsAValueThatAllowsMore) {
  const auto problem = SmallProblem().node({0, 9}).node({0, 0}).edge({0, 1}, {0, kX, 0, 0});
  EXPECT_EQ(left_after_dominance(problem.state()).size(), 2U);
  const auto reverse = SmallProblem().node({9, 0}).node({0, 0}).edge({0, 1}, {0, kX, 0, 0});
  EXPECT_EQ(left_after_dominance(reverse.state()), std::vector<std::int32_t>{1});
}

TEST(Dominance, CountsForbiddenEntriesFirst) {
  // With forbidden entries counted, value 1 saves one at worst and loses nothing.
  const auto problem = SmallProblem().node({0, 9}).node({0, 0}).edge({0, 1}, {kX, kX, 0, 0});
  EXPECT_EQ(left_after_dominance(problem.state(false)), std::vector<std::int32_t>{1});
}

TEST(Dominance, KeepsOneOfEqualValues) {
  std::vector<std::int64_t> costs(100, 4);
  EXPECT_EQ(left_after_dominance(SmallProblem().node(costs).state()).size(), 1U);
}

}  // namespace
}  // namespace warpshard::reduce
