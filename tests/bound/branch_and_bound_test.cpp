#include "host/bound/branch_and_bound.h"

#include <gtest/gtest.h>

#include "tests/bound/brute_force.h"
#include "tests/bound/random_model.h"

namespace warpshard {
namespace {

const auto kFar = std::chrono::steady_clock::time_point::max();
const std::atomic<bool> kNever = false;

TEST(BranchAndBound, FindsAndProvesTheOptimum) {
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const BruteForce truth = try_all(model);
    BranchOptions options;
    options.root_rounds = 40;
    options.rounds = 20;
    options.staged = seed % 4 != 0;
    BranchAndBound branching(model, options);
    std::optional<Int128> found;
    branching.run(kFar, kNever, [&](const Assignment& assignment, Int128 cost) {
      EXPECT_EQ(cost_of(model, assignment), (Cost{0, cost}));
      EXPECT_TRUE(fits(model, assignment));
      found = cost;
    });
    EXPECT_TRUE(branching.closed());
    EXPECT_EQ(found, truth.best) << "seed " << seed;
    EXPECT_EQ(branching.bound(), truth.best) << "seed " << seed;
    solved += truth.best ? 1 : 0;
  }
  EXPECT_GT(solved, 500);
}

TEST(BranchAndBound, BoundsHoldBeforeItCloses) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const BruteForce truth = try_all(model);
    if (!truth.best) continue;
    BranchOptions options;
    options.root_rounds = 5;
    options.rounds = 5;
    options.staged = seed % 4 < 2;
    BranchAndBound branching(model, options);
    branching.set_incumbent(*truth.best + static_cast<Int128>(seed % 3));
    std::atomic<bool> stop = false;
    for (int i = 0; i < 3; ++i) {
      branching.run(std::chrono::steady_clock::now() + std::chrono::microseconds(50), stop, {});
      const Int128 incumbent = *truth.best + static_cast<Int128>(seed % 3);
      EXPECT_LE(branching.bound().value_or(*truth.best),
                branching.closed() ? incumbent : *truth.best);
    }
  }
}

/// Closes as many models, with few rounds at each part.
void expect_optima(std::uint64_t num_models, BranchOptions options) {
  options.root_rounds = 10;
  options.rounds = 10;
  for (std::uint64_t seed = 0; seed < num_models; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    BranchAndBound branching(model, options);
    branching.run(kFar, kNever, {});
    EXPECT_TRUE(branching.closed());
    EXPECT_EQ(branching.bound(), try_all(model).best) << "seed " << seed;
  }
}

TEST(BranchAndBound, ThreadsAgree) {
  expect_optima(60, {.threads = 4});
}

TEST(BranchAndBound, ClosesWithoutRoomForStates) {
  expect_optima(200, {.state_bytes = 0});
}

}  // namespace
}  // namespace warpshard
