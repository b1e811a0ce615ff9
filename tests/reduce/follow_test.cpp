#include <gtest/gtest.h>

#include "host/reduce/steps.h"
#include "tests/reduce/small_problem.h"

namespace warpshard::reduce {
namespace {

using testing::SmallProblem;
constexpr std::int64_t kX = kForbidden;

TEST(Follow, MergesAFunctionOfItsNeighbour) {
  // Node 1 is 1, 0, 0 when node 0 is 0, 1, 2; node 2 hangs on node 1.
  State state = SmallProblem()
                    .node({0, 10, 20}, {1, 2, 3}, {0, 2})
                    .node({0, 5}, {4, 6}, {1, 3})
                    .node({0, 1})
                    .edge({0, 1}, {kX, 1, 2, kX, 3, kX})
                    .edge({1, 2}, {0, 2, 3, 8})
                    .limit(100)
                    .state();
  EXPECT_TRUE(follow(state, testing::never()));
  EXPECT_FALSE(state.variables[1].alive);
  EXPECT_EQ(state.num_variables, 2);
  EXPECT_EQ(state.num_links, 1);
  // Own cost, the follower's, and the edge's less its least (1).
  EXPECT_EQ(state.variables[0].unary,
            (std::vector<std::int64_t>{0 + 5 + 0, 10 + 0 + 1, 20 + 0 + 2}));
  const auto moved = state.tables.entries(state.links[1].table);
  EXPECT_EQ(std::vector<std::int64_t>(moved.begin(), moved.end()),
            (std::vector<std::int64_t>{3, 8, 0, 2, 0, 2}));
  ASSERT_EQ(state.variables[0].pieces.size(), 2U);
  const auto usage = state.variables[0].usage_of(1);
  EXPECT_EQ(std::vector<std::int64_t>(usage.begin(), usage.end()),
            (std::vector<std::int64_t>{2, 0, 0}));
  std::vector<std::int32_t> plan{2, -1, 0};
  state.log.lift(plan);
  EXPECT_EQ(plan[1], 0);
  plan = {0, -1, 0};
  state.log.lift(plan);
  EXPECT_EQ(plan[1], 1);
}

TEST(Follow, LetsAHubAbsorbItsLeaves) {
  SmallProblem hub;
  hub.node({0, 1});
  for (int leaf = 1; leaf <= 20; ++leaf) hub.node({0, leaf}).edge({leaf, 0}, {0, kX, kX, 0});
  State state = hub.state();
  EXPECT_TRUE(follow(state, testing::never()));
  EXPECT_EQ(state.num_variables, 1);
  for (const Variable& variable : state.variables) {
    if (!variable.alive) continue;
    EXPECT_EQ(variable.unary, (std::vector<std::int64_t>{0, 1 + 210}));
  }
}

TEST(Follow, ReadsTheDiagonalOfALinkThatClosesOnItself) {
  State state = SmallProblem()
                    .node({0, 0})
                    .node({0, 0})
                    .edge({0, 1}, {0, kX, kX, 0})
                    .edge({0, 1}, {3, 9, 9, 4})
                    .state();
  EXPECT_TRUE(follow(state, testing::never()));
  EXPECT_EQ(state.num_links, 0);
  const Variable& left = state.variables[state.variables[0].alive ? 0 : 1];
  EXPECT_EQ(left.unary, (std::vector<std::int64_t>{0, 1}));
}

TEST(Follow, NeedsAFunction) {
  State state = SmallProblem().node({0, 0}).node({0, 0}).edge({0, 1}, {0, kX, 0, 0}).state();
  EXPECT_FALSE(follow(state, testing::never()));
}

}  // namespace
}  // namespace warpshard::reduce
