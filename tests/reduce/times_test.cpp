// Profiles, time points and capacity.

#include <gtest/gtest.h>

#include <random>

#include "host/reduce/steps.h"
#include "tests/reduce/random_problem.h"
#include "tests/reduce/small_problem.h"

namespace warpshard::reduce {
namespace {

using testing::SmallProblem;

/// For every assignment of the variables' values, whether it exceeds no capacity.
std::vector<bool> feasibility(State state) {
  for (std::size_t v = 0; v < state.variables.size(); ++v) state.profile(static_cast<int>(v));
  state.settle_capacity();
  std::vector<std::int32_t> domains;
  for (const Variable& variable : state.variables) domains.push_back(variable.domain());
  std::vector<bool> feasible;
  testing::for_each_choice(domains, [&](const std::vector<std::int32_t>& choice) {
    std::vector<std::int64_t> left = state.capacity;
    for (std::size_t v = 0; v < domains.size(); ++v)
      for (std::size_t i = 0; i < state.variables[v].pieces.size(); ++i)
        for (auto t = state.variables[v].pieces[i].begin; t < state.variables[v].pieces[i].end; ++t)
          left[t] -= state.variables[v].usage_of(i)[choice[v]];
    feasible.push_back(std::ranges::all_of(left, [](std::int64_t rest) { return rest >= 0; }));
  });
  return feasible;
}

TEST(Times, LoadKeepsMaximalPointsOnly) {
  // [0, 4), [1, 3), [2, 6): live together at 2; [7, 8) alone at 7.
  const State state = SmallProblem()
                          .node({0}, {1}, {0, 4})
                          .node({0}, {1}, {1, 3})
                          .node({0}, {1}, {2, 6})
                          .node({0}, {1}, {7, 8})
                          .node({0}, {1}, {9, 9})
                          .limit(10)
                          .state();
  EXPECT_EQ(state.num_times(), 2);
}

TEST(Times, DropsPointsThatCannotRunOut) {
  State state =
      SmallProblem().node({0, 0}, {1, 3}, {0, 1}).node({0, 0}, {1, 9}, {2, 3}).limit(5).state();
  EXPECT_TRUE(reduce_times(state, testing::never()));
  EXPECT_EQ(state.num_times(), 1);
  EXPECT_TRUE(state.variables[0].pieces.empty());
}

TEST(Times, DropsPointsThatAnotherImplies) {
  // Variable 0 is live throughout; beside it at time 3 variable 2 always uses more than variable 1
  // can at time 1.
  State state = SmallProblem()
                    .node({0, 0}, {0, 9}, {0, 5})
                    .node({0, 0}, {1, 2}, {1, 2})
                    .node({0, 0}, {2, 7}, {3, 4})
                    .limit(10)
                    .state();
  EXPECT_TRUE(reduce_times(state, testing::never()));
  EXPECT_EQ(state.num_times(), 1);
  EXPECT_TRUE(state.variables[1].pieces.empty());
}

TEST(Times, KeepTheSetOfPlansThatFit) {
  std::mt19937_64 random(7);
  testing::Style style;
  style.max_edges = 0;
  style.max_nodes = 9;
  style.max_strategies = 2;
  style.max_time = 60;
  int dropped = 0;
  for (int i = 0; i < 3000; ++i) {
    auto built = build_state(testing::random_problem(random, style), true);
    ASSERT_TRUE(built.ok());
    State& state = built.value();
    if (state.emptied) continue;
    const auto before = feasibility(state);
    const int times = state.num_times();
    reduce_times(state, testing::never());
    if (state.emptied) {
      EXPECT_TRUE(std::ranges::none_of(before, [](bool fits) { return fits; }));
      continue;
    }
    EXPECT_EQ(feasibility(state), before);
    dropped += times - state.num_times();
  }
  EXPECT_GT(dropped, 1000);
}

TEST(Capacity, DropsValuesThatCannotFit) {
  State state = SmallProblem()
                    .node({0, 0, 0}, {1, 4, 5}, {0, 3})
                    .node({0, 0}, {2, 6}, {1, 2})
                    .limit(6)
                    .state();
  EXPECT_TRUE(reduce_by_capacity(state, testing::never()));
  state.remove_doomed(testing::never());
  EXPECT_EQ(state.variables[0].strategies, (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(state.variables[1].strategies, (std::vector<std::int32_t>{0}));
}

TEST(Capacity, NoticesThatTheLeastUsagesExceedTheLimit) {
  const State state =
      SmallProblem().node({0, 0}, {3, 4}, {0, 2}).node({0, 0}, {3, 5}, {1, 3}).limit(5).state();
  EXPECT_TRUE(state.over_limit);
  EXPECT_TRUE(state.emptied);
}

TEST(Profile, MakesPiecesDisjointAndRelative) {
  State state = SmallProblem()
                    .node({0, 0}, {0, 0}, {0, 9})
                    .node({0, 0}, {5, 0}, {1, 2})
                    .node({0, 0}, {5, 0}, {3, 4})
                    .node({0, 0}, {5, 0}, {5, 6})
                    .limit(100)
                    .state();
  ASSERT_EQ(state.num_times(), 3);
  Variable& variable = state.variables[0];
  variable.pieces = {{0, 2}, {1, 3}};
  variable.usage = {2, 5, 7, 4};
  variable.profiled = false;
  state.profile(0);
  // Usage (2, 5), then (9, 9), then (7, 4): the middle one is the same for both values.
  ASSERT_EQ(variable.pieces.size(), 2U);
  EXPECT_EQ(variable.pieces[0].end, 1);
  EXPECT_EQ(variable.pieces[1].begin, 2);
  EXPECT_EQ(variable.usage, (std::vector<std::int64_t>{0, 3, 3, 0}));
  state.settle_capacity();
  EXPECT_EQ(state.capacity, (std::vector<std::int64_t>{98, 91, 96}));
}

}  // namespace
}  // namespace warpshard::reduce
