#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include "tests/portfolio/worker_driver.h"
#include "tests/support/counted.h"
#include "tests/support/dense_problem.h"
#include "warpshard/solve.h"

// A run that goes on from a checkpoint comes to what the unbroken one comes to.

namespace warpshard {
namespace {

using Bytes = std::vector<std::byte>;

/// Hundreds of tasks in all, so that there are many moments between two batches.
SolverOptions counted(std::int64_t work_limit) {
  SolverOptions options = testing::counted(work_limit);
  options.checkpoint_seconds = 0;
  options.parameters.portfolio.first_slice = 5e5;
  options.parameters.portfolio.longest_slice = 2e6;
  return options;
}

struct Recorded {
  SolverResult result;
  std::vector<Bytes> checkpoints;
};

Recorded run(const Problem& problem, const SolverOptions& options) {
  Recorded recorded;
  SolverCallbacks callbacks;
  callbacks.on_checkpoint = [&](std::span<const std::byte> bytes) {
    recorded.checkpoints.emplace_back(bytes.begin(), bytes.end());
  };
  recorded.result = solve(problem, options, callbacks);
  return recorded;
}

void expect_same(const SolverResult& a, const SolverResult& b) {
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.plan, b.plan);
  EXPECT_EQ(a.bound, b.bound);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.visits, b.visits);
  ASSERT_EQ(a.accounts.size(), b.accounts.size());
  for (std::size_t k = 0; k < a.accounts.size(); ++k) {
    EXPECT_EQ(a.accounts[k].work, b.accounts[k].work) << a.accounts[k].worker;
    EXPECT_EQ(a.accounts[k].tasks, b.accounts[k].tasks) << a.accounts[k].worker;
    EXPECT_EQ(a.accounts[k].gain, b.accounts[k].gain) << a.accounts[k].worker;
  }
}

/// Goes on from some of the checkpoints of an unbroken run, on other numbers of threads.
void expect_resumable(const Problem& problem, SolverOptions options, std::uint64_t seed,
                      int tries) {
  const Recorded unbroken = run(problem, options);
  ASSERT_FALSE(unbroken.checkpoints.empty());
  std::mt19937_64 random(seed);
  constexpr int kThreads[] = {1, 2, 5, 16};
  for (int k = 0; k < tries; ++k) {
    const std::size_t moment = random() % unbroken.checkpoints.size();
    SCOPED_TRACE("checkpoint " + std::to_string(moment) + " of " +
                 std::to_string(unbroken.checkpoints.size()));
    options.checkpoint = unbroken.checkpoints[moment];
    options.threads = kThreads[k % std::size(kThreads)];
    const Recorded resumed = run(problem, options);
    expect_same(resumed.result, unbroken.result);
    EXPECT_EQ(resumed.checkpoints.size() + moment + 1, unbroken.checkpoints.size());
  }
}

TEST(Checkpoint, ResumedEndsWhereTheUnbrokenRunDoes) {
  expect_resumable(testing::transformer(1000, 3), counted(700), 1, 6);
}

TEST(Checkpoint, FromAPlanAndAHint) {
  const Problem problem = testing::transformer(800, 4);
  SolverOptions options = counted(100);
  const Plan first = run(problem, options).result.plan;
  ASSERT_FALSE(first.empty());
  options.work_limit = 400;
  options.initial_plan = first;
  expect_resumable(problem, options, 2, 3);
  options.initial_plan.clear();
  options.hint = first;
  for (std::size_t node = 0; node < options.hint.size(); node += 3) options.hint[node] = -1;
  expect_resumable(problem, options, 3, 3);
}

TEST(Checkpoint, FromPrices) {
  const Problem problem = testing::transformer(800, 9);
  SolverOptions options = counted(400);
  const SolverResult without = run(problem, options).result;
  ASSERT_FALSE(without.prices.empty());
  options.prices = without.prices;
  EXPECT_NE(run(problem, options).result.visits, without.visits) << "they made no difference";
  expect_resumable(problem, options, 9, 4);
  options.checkpoint_seconds = 0;
  const Bytes last = run(problem, options).checkpoints.back();
  options.prices.clear();
  options.checkpoint = last;
  EXPECT_EQ(run(problem, options).result.status, SolverStatus::kError) << "not of this run";
}

/// Before and after the rest of the reductions.
TEST(Checkpoint, WithAnEarlyCore) {
  SolverOptions options = counted(400);
  options.parameters.reduce.early_work = 0;
  const Problem problem = testing::transformer(1000, 7);
  SolverOptions at_once = counted(400);
  EXPECT_NE(run(problem, options).result.visits, run(problem, at_once).result.visits)
      << "it made no difference";
  expect_resumable(problem, options, 6, 12);
}

/// The file does not hold what memory there is: what is found must not depend on that.
TEST(Checkpoint, WithAMemoryLimit) {
  SolverOptions options = counted(400);
  options.memory_limit = std::int64_t{1} << 29;
  expect_resumable(testing::transformer(800, 5), options, 4, 4);
}

/// Chains of a population are in it, in the middle of a round as well.
TEST(Checkpoint, WithAPopulation) {
  SolverOptions options = counted(400);
  options.device = "cpu-population";
  expect_resumable(testing::transformer(800, 6), options, 10, 4);
}

TEST(Checkpoint, OfTinyInstances) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(seed);
    SolverOptions options = counted(40);
    options.parameters.reduce.patience = 50;  // reaches plans with forbidden entries, too
    if (seed % 3 == 0) options.parameters.reduce.early_work = 0;
    const Problem problem = testing::tiny(seed);
    if (run(problem, options).checkpoints.empty()) continue;  // infeasible at once
    expect_resumable(problem, options, seed, 3);
  }
}

/// Nodes of the tree are left unfinished from task to task, as their ascents take longer than
/// tasks do.
TEST(Checkpoint, InTheMiddleOfAProof) {
  SolverOptions options = counted(300);
  options.parameters.prove.weight = 20;
  options.parameters.portfolio.longest_slice = 5e5;
  expect_resumable(testing::dense_problem(40, 1000), options, 8, 3);
}

/// A stop in the middle of a run loses what came after the last checkpoint, no more.
TEST(Checkpoint, StoppedRunsGoOn) {
  const Problem problem = testing::transformer(800, 6);
  const SolverOptions options = counted(400);
  const Recorded unbroken = run(problem, options);
  std::mt19937_64 random(7);
  SolverOptions going_on = options;
  Bytes last;
  SolverResult result;
  for (std::size_t stops = 0; stops < 5; ++stops) {
    std::size_t left = 1 + random() % (unbroken.checkpoints.size() / 6);
    std::atomic<bool> stop{false};
    SolverCallbacks callbacks;
    callbacks.on_checkpoint = [&](std::span<const std::byte> bytes) {
      last.assign(bytes.begin(), bytes.end());
      if (--left == 0) stop = true;
    };
    callbacks.should_stop = [&] { return stop.load(); };
    const Bytes from = last;
    going_on.checkpoint = from;
    result = solve(problem, going_on, callbacks);
  }
  going_on.checkpoint = last;
  expect_same(run(problem, going_on).result, unbroken.result);
}

/// More work than the first run was given: as if it had been given that at once.
TEST(Checkpoint, GoesOnBeyondTheFirstLimit) {
  const Problem problem = testing::transformer(800, 6);
  const Recorded half = run(problem, counted(200));
  SolverOptions options = counted(400);
  const Recorded unbroken = run(problem, options);
  options.checkpoint = half.checkpoints.back();
  expect_same(run(problem, options).result, unbroken.result);
}

void expect_refused(const Problem& problem, const SolverOptions& options, const char* reason) {
  const SolverResult result = run(problem, options).result;
  EXPECT_EQ(result.status, SolverStatus::kError);
  EXPECT_NE(result.message.find(reason), std::string::npos) << result.message;
}

TEST(Checkpoint, IsRefusedWhereItDoesNotFit) {
  const Problem problem = testing::transformer(400, 3);
  SolverOptions options = counted(60);
  const Bytes bytes = run(problem, options).checkpoints.back();
  options.checkpoint = bytes;
  expect_refused(testing::transformer(400, 4), options, "another instance");
  SolverOptions other = options;
  other.seed = 2;
  expect_refused(problem, other, "seed 1, not 2");
  other = options;
  other.parameters.dive.growth = 1.7;
  expect_refused(problem, other, "other parameters");
  other = options;
  other.hint.assign(static_cast<std::size_t>(problem.num_nodes()), -1);
  expect_refused(problem, other, "another plan, hint or prices");
  other = options;
  other.work_limit = 0;
  expect_refused(problem, other, "work limit");
  other = options;
  other.device = "cpu-population";
  expect_refused(problem, other, "other workers or devices");
  Bytes versioned = bytes;
  versioned[std::string_view("warpshard checkpoint\n").size()] ^= std::byte{64};
  other = options;
  other.checkpoint = versioned;
  expect_refused(problem, other, "another version");
}

TEST(Checkpoint, DamagedOnesAreRefused) {
  const Problem problem = testing::tiny(2);
  SolverOptions options = counted(20);
  const std::vector<Bytes> all = run(problem, options).checkpoints;
  ASSERT_FALSE(all.empty());
  const Bytes& bytes = all.front();
  for (std::size_t size = 1; size < bytes.size(); size += 1 + size / 20) {
    options.checkpoint = std::span(bytes).first(size);
    expect_refused(problem, options, "does not fit");
  }
  std::mt19937_64 random(1);
  for (int k = 0; k < 200; ++k) {
    Bytes damaged = bytes;
    damaged[random() % damaged.size()] ^= std::byte{1} << (random() % 8);
    options.checkpoint = damaged;
    expect_refused(problem, options, "does not fit");
  }
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  options.checkpoint = longer;
  expect_refused(problem, options, "does not fit");
}

}  // namespace
}  // namespace warpshard
