#include "warpshard/solve.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

#include "tests/reduce/random_problem.h"
#include "tests/support/counted.h"
#include "tests/support/dense_problem.h"
#include "warpshard/generate.h"

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

using testing::solve_quietly;

class SolverOnTinyProblems : public ::testing::TestWithParam<int> {};

/// Brute force is the judge: the plan is the best there is, and a bound is never above it.
TEST_P(SolverOnTinyProblems, FindsTheOptimum) {
  std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
  const Problem problem = testing::random_problem(random, testing::random_style(random));
  const auto optimum = testing::brute_force(problem);
  SolverOptions options = within(300);
  options.work_limit = 2000;
  const SolverResult result = solve_quietly(problem, options);
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
  EXPECT_EQ(result.status, SolverStatus::kOptimal);
  EXPECT_EQ(result.bound, optimum->cost);
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

TEST(Solver, SameSeedAndWorkLimitGiveTheSamePlanWhateverTheThreads) {
  const Problem problem = transformer();
  SolverOptions options = within(300);
  options.work_limit = 20;
  options.threads = 1;
  const SolverResult one = solve_quietly(problem, options);
  ASSERT_FALSE(one.plan.empty());
  for (const int threads : {1, 2, 3, 11}) {
    options.threads = threads;
    const SolverResult other = solve_quietly(problem, options);
    EXPECT_EQ(other.plan, one.plan) << threads << " threads";
    EXPECT_EQ(other.bound, one.bound) << threads << " threads";
  }
}

/// A gap or a target ends a run whose work is counted as well, at a moment that does not depend on
/// threads.
TEST(Solver, GapAndTargetEndCountedRunsAlike) {
  const Problem problem = transformer();
  SolverOptions options = within(300);
  options.work_limit = 1000;
  options.gap = 0.1;
  options.threads = 1;
  const SolverResult one = solve_quietly(problem, options);
  EXPECT_EQ(one.status, SolverStatus::kGapReached);
  options.threads = 3;
  const SolverResult other = solve_quietly(problem, options);
  EXPECT_EQ(other.plan, one.plan);
  EXPECT_EQ(other.bound, one.bound);
  options.gap = 0;
  options.target = one.evaluation.cost.finite;
  const SolverResult targeted = solve_quietly(problem, options);
  EXPECT_LE(targeted.evaluation.cost, one.evaluation.cost);
}

/// Where many plans cost the same, the one that comes first in order is the result.
TEST(Solver, WorkLimitSettlesTies) {
  const Problem problem = testing::dense_problem(20, 2);
  SolverOptions options = within(300);
  options.work_limit = 10;
  options.threads = 1;
  const Plan expected = solve_quietly(problem, options).plan;
  ASSERT_FALSE(expected.empty());
  options.threads = 4;
  for (int run = 0; run < 10; ++run) EXPECT_EQ(solve_quietly(problem, options).plan, expected);
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
  const SolverResult held = solve_quietly(one_node(kMost), within(300));
  EXPECT_EQ(held.status, SolverStatus::kOptimal);
  EXPECT_EQ(held.plan, Plan{kMost - 1});
  const SolverResult refused = solve_quietly(one_node(kMost + 1), within(5));
  EXPECT_EQ(refused.status, SolverStatus::kError);
  EXPECT_EQ(refused.message, "node 0 has 65537 strategies; at most 65536 can be searched");
  EXPECT_TRUE(evaluate(one_node(kMost + 1), Plan{kMost}).ok());
}

TEST(Solver, HandsOverEveryIncumbentOnce) {
  const Problem problem = transformer();
  SolverOptions options = within(60);
  options.work_limit = 5;
  std::vector<Cost> costs;
  Plan last;
  SolverCallbacks callbacks;
  callbacks.on_incumbent = [&](const Plan& plan, const Evaluation& evaluation) {
    EXPECT_TRUE(evaluation.within_limit);
    if (!costs.empty()) {
      EXPECT_TRUE(evaluation.cost < costs.back() ||
                  (evaluation.cost == costs.back() && plan < last));
    }
    costs.push_back(evaluation.cost);
    last = plan;
  };
  const SolverResult result = solve(problem, options, callbacks);
  ASSERT_FALSE(costs.empty());
  EXPECT_EQ(costs.back(), result.evaluation.cost);
  EXPECT_EQ(last, result.plan);
}

TEST(Solver, StopsWhenTheCallbackSaysSo) {
  const Problem problem = transformer();
  std::atomic<bool> found{false};
  SolverCallbacks callbacks;
  callbacks.on_incumbent = [&](const Plan&, const Evaluation&) { found = true; };
  callbacks.should_stop = [&] { return found.load(); };
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(solve(problem, within(120), callbacks).plan.empty());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(Solver, StartsFromAPlanAndStopsAtTheTarget) {
  const Problem problem = transformer();
  SolverOptions options = within(120);
  options.work_limit = 5;
  const SolverResult first = solve_quietly(problem, options);
  ASSERT_FALSE(first.plan.empty());
  options.work_limit = 0;
  options.initial_plan = first.plan;
  options.target = first.evaluation.cost.finite;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_LE(solve_quietly(problem, options).evaluation.cost, first.evaluation.cost);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(Solver, IgnoresAnInitialPlanThatIsNone) {
  const Problem problem = transformer();
  SolverOptions options = within(60);
  options.work_limit = 5;
  options.initial_plan = {1, 2, 3};
  EXPECT_FALSE(solve_quietly(problem, options).plan.empty());
}

// Under a work limit nothing depends on time, so that two at once must give what each gives alone.
TEST(Solver, TwoAtOnceDoNotDisturbEachOther) {
  const Problem problem = transformer();
  SolverOptions one = within(300);
  one.work_limit = 10;
  SolverOptions two = one;
  two.seed = 2;
  const Plan alone_one = solve_quietly(problem, one).plan;
  const Plan alone_two = solve_quietly(problem, two).plan;
  ASSERT_FALSE(alone_one.empty());
  Plan beside_two;
  std::thread other([&] { beside_two = solve_quietly(problem, two).plan; });
  const Plan beside_one = solve_quietly(problem, one).plan;
  other.join();
  EXPECT_EQ(beside_one, alone_one);
  EXPECT_EQ(beside_two, alone_two);
}

TEST(Solver, RefusesAnUnknownDevice) {
  SolverOptions options = within(1);
  options.device = "abacus";
  EXPECT_EQ(solve_quietly(transformer(), options).status, SolverStatus::kNoDevice);
}

}  // namespace
}  // namespace warpshard
