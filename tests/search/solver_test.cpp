#include "host/search/solver.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <random>

#include "host/generate/generator.h"
#include "tests/reduce/random_problem.h"

namespace warpshard {
namespace {

SolverOptions within(double seconds) {
  SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = seconds;
  options.threads = 2;
  options.device = "cpu";
  return options;
}

SolverResult solve_quietly(const Problem& problem, const SolverOptions& options) {
  const std::atomic<bool> never{false};
  return solve(problem, options, never, {});
}

class SolverOnTinyProblems : public ::testing::TestWithParam<int> {};

/// Brute force is the judge: the plan is the best there is, and a bound is never above it.
TEST_P(SolverOnTinyProblems, FindsTheOptimum) {
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  const Problem problem = testing::random_problem(random, testing::random_style(random));
  const auto optimum = testing::brute_force(problem);
  const SolverResult result = solve_quietly(problem, within(0.6));
  if (!optimum) {
    EXPECT_EQ(result.status, SolverStatus::kInfeasible);
    EXPECT_FALSE(result.message.empty());
    return;
  }
  ASSERT_FALSE(result.plan.empty());
  const auto judged = testing::naive_evaluate(problem, result.plan);
  EXPECT_TRUE(judged.within_limit);
  EXPECT_EQ(judged.cost, result.evaluation.cost);
  EXPECT_EQ(result.evaluation.cost, optimum->cost);
  if (result.bound && optimum->cost.forbidden == 0) {
    EXPECT_LE(*result.bound, optimum->cost.finite);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SolverOnTinyProblems, ::testing::Range(0, 60));

Problem transformer() {
  GeneratorOptions options;
  options.target_nodes = 400;
  options.seed = 3;
  auto problem = generate(options);
  EXPECT_TRUE(problem.ok());
  return std::move(*problem);
}

TEST(Solver, SameSeedAndWorkLimitGiveTheSamePlan) {
  const Problem problem = transformer();
  SolverOptions options = within(60);
  options.work_limit = 20;
  const SolverResult one = solve_quietly(problem, options);
  const SolverResult two = solve_quietly(problem, options);
  ASSERT_FALSE(one.plan.empty());
  EXPECT_EQ(one.plan, two.plan);
}

TEST(Solver, ReportsProgressAndStopsWhenAsked) {
  const Problem problem = transformer();
  std::atomic<bool> stop{false};
  int reports = 0;
  const auto begin = std::chrono::steady_clock::now();
  const SolverResult result = solve(problem, within(60), stop, [&](const Progress& progress) {
    ++reports;
    if (progress.incumbent) stop = true;
  });
  EXPECT_GT(reports, 0);
  EXPECT_FALSE(result.plan.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

/// One node; the last of its strategies is the cheapest.
Problem one_node(std::int64_t strategies) {
  Problem problem;
  for (std::int64_t s = strategies; s > 0; --s) problem.costs.push_back(s);
  problem.usages.assign(problem.costs.size(), 0);
  problem.strategy_offsets.push_back(strategies);
  problem.intervals.push_back({0, 1});
  return problem;
}

TEST(Solver, RefusesNodesWithMoreStrategiesThanAStateHolds) {
  constexpr std::int64_t kMost = 1 << 16;
  const SolverResult held = solve_quietly(one_node(kMost), within(5));
  EXPECT_EQ(held.status, SolverStatus::kOptimal);
  EXPECT_EQ(held.plan, Plan{kMost - 1});
  const SolverResult refused = solve_quietly(one_node(kMost + 1), within(5));
  EXPECT_EQ(refused.status, SolverStatus::kError);
  EXPECT_EQ(refused.message, "node 0 has 65537 strategies; at most 65536 can be searched");
  EXPECT_TRUE(evaluate(one_node(kMost + 1), Plan{kMost}).ok());
}

TEST(Solver, RefusesAnUnknownDevice) {
  SolverOptions options = within(1);
  options.device = "abacus";
  EXPECT_EQ(solve_quietly(transformer(), options).status, SolverStatus::kNoDevice);
}

}  // namespace
}  // namespace warpshard
