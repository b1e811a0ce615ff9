#include "host/plan/hint.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "tests/reduce/random_problem.h"
#include "warpshard/solve.h"
#include "warpshard/validate.h"

namespace warpshard {
namespace {

Plan random_hint(std::mt19937_64& random, const Problem& problem) {
  Plan hint;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const auto strategies = static_cast<std::uint64_t>(problem.num_strategies(node));
    hint.push_back(random() % 2 == 0 ? -1 : static_cast<std::int32_t>(random() % strategies));
  }
  return hint;
}

bool keeps_to(const Plan& plan, const Plan& hint) {
  for (std::size_t node = 0; node < plan.size(); ++node)
    if (hint[node] >= 0 && plan[node] != hint[node]) return false;
  return true;
}

TEST(HintedProblem, CostsAndUsesWhatItsPlansDo) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random(seed);
    const Problem problem = testing::random_problem(random, testing::random_style(random));
    const Plan hint = random_hint(random, problem);
    const HintedProblem hinted(problem, hint);
    // Limits below zero, which nobody meets, are not valid from the start.
    ASSERT_EQ(validate(hinted.problem()).has_value(), validate(problem).has_value());
    for (int k = 0; k < 10; ++k) {
      Plan plan;
      for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
        plan.push_back(static_cast<std::int32_t>(
            random() % static_cast<std::uint64_t>(hinted.problem().num_strategies(node))));
      const Plan lifted = hinted.lift(plan);
      EXPECT_TRUE(keeps_to(lifted, hint));
      const auto part = testing::naive_evaluate(hinted.problem(), plan);
      const auto whole = testing::naive_evaluate(problem, lifted);
      EXPECT_EQ(part.cost, whole.cost) << "seed " << seed;
      EXPECT_EQ(part.within_limit, whole.within_limit) << "seed " << seed;
    }
  }
}

TEST(HintedProblem, GapsAreFilledWithTheCheapest) {
  Problem problem;
  problem.costs = {3, 1, 2, 7, 5};
  problem.usages = {0, 0, 0, 0, 0};
  problem.strategy_offsets = {0, 3, 5};
  problem.intervals = {{0, 1}, {0, 1}};
  EXPECT_EQ(fill_in(problem, Plan{-1, 0}), (Plan{1, 0}));
}

/// A hint only says where to begin: the optimum is found whatever it says.
TEST(Hint, DoesNotBindTheSearch) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    std::mt19937_64 random(seed);
    const Problem problem = testing::random_problem(random, testing::random_style(random));
    const auto optimum = testing::brute_force(problem);
    SolverOptions options;
    options.start = std::chrono::steady_clock::now();
    options.deadline_seconds = 0.8;
    options.threads = 2;
    options.device = "cpu";
    options.hint = random_hint(random, problem);
    const SolverResult result = solve(problem, options, SolverCallbacks{});
    EXPECT_EQ(result.plan.empty(), !optimum) << "seed " << seed;
    if (optimum && !result.plan.empty()) {
      EXPECT_EQ(result.evaluation.cost, optimum->cost) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace warpshard
