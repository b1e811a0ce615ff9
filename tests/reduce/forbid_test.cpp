#include <gtest/gtest.h>

#include "host/reduce/steps.h"
#include "tests/reduce/small_problem.h"

namespace warpshard::reduce {
namespace {

using testing::SmallProblem;
constexpr std::int64_t kX = kForbidden;

TEST(Forbid, DropsValuesWithoutPartnerAlongAChain) {
  // Node 0 can only be 0, so node 1 can only be 1, so node 2 can only be 0.
  State state = SmallProblem()
                    .node({5, kX})
                    .node({1, 2})
                    .node({3, 4})
                    .edge({0, 1}, {kX, 7, 8, 9})
                    .edge({1, 2}, {1, 1, 6, kX})
                    .state();
  EXPECT_TRUE(forbid(state, testing::never()));
  EXPECT_FALSE(state.emptied);
  EXPECT_EQ(state.variables[0].strategies, std::vector<std::int32_t>{0});
  EXPECT_EQ(state.variables[1].strategies, std::vector<std::int32_t>{1});
  EXPECT_EQ(state.variables[2].strategies, std::vector<std::int32_t>{0});
  EXPECT_EQ(state.num_values, 3);
  EXPECT_FALSE(forbid(state, testing::never()));
}

TEST(Forbid, NoticesThatNoPlanIsLeft) {
  State state = SmallProblem()
                    .node({0, 0})
                    .node({0, 0})
                    .node({0, kX})
                    .edge({0, 1}, {0, kX, kX, 0})
                    .edge({1, 2}, {kX, 0, 0, 0})
                    .edge({0, 2}, {0, 0, kX, 0})
                    .state();
  forbid(state, testing::never());
  EXPECT_TRUE(state.emptied);
}

TEST(Forbid, LeavesTheProblemAloneWhenForbiddenEntriesCount) {
  State state = SmallProblem().node({0, kX}).node({0, 0}).edge({0, 1}, {0, 1, kX, kX}).state(false);
  EXPECT_FALSE(forbid(state, testing::never()));
  EXPECT_EQ(state.num_values, 4);
}

}  // namespace
}  // namespace warpshard::reduce
