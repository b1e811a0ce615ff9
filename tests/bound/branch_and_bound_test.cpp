#include "host/bound/branch_and_bound.h"

#include <gtest/gtest.h>

#include "tests/bound/brute_force.h"
#include "tests/bound/random_model.h"

namespace warpshard {
namespace {

RandomModelShape small(std::uint64_t seed) {
  RandomModelShape shape;
  shape.num_variables = 2 + static_cast<std::int32_t>(seed % 6);
  shape.max_domain = 2 + static_cast<std::int32_t>(seed % 3);
  shape.tightness = 0.2 + 0.1 * static_cast<double>(seed % 7);
  shape.edge_probability = 0.2 + 0.1 * static_cast<double>(seed % 7);
  shape.max_cost = seed % 2 == 0 ? 20 : 100'000'000;
  return shape;
}

const auto kFar = std::chrono::steady_clock::time_point::max();
const std::atomic<bool> kNever = false;

TEST(BranchAndBound, FindsAndProvesTheOptimum) {
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Model model = random_model(small(seed), seed);
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
    const Model model = random_model(small(seed), seed);
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

TEST(BranchAndBound, ThreadsAgree) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Model model = random_model(small(seed), seed);
    BranchOptions options;
    options.threads = 4;
    options.root_rounds = 10;
    options.rounds = 10;
    BranchAndBound branching(model, options);
    branching.run(kFar, kNever, {});
    EXPECT_TRUE(branching.closed());
    EXPECT_EQ(branching.bound(), try_all(model).best) << "seed " << seed;
  }
}

TEST(BranchAndBound, ClosesWithoutRoomForStates) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Model model = random_model(small(seed), seed);
    BranchOptions options;
    options.root_rounds = 10;
    options.rounds = 10;
    options.state_bytes = 0;
    BranchAndBound branching(model, options);
    branching.run(kFar, kNever, {});
    EXPECT_TRUE(branching.closed());
    EXPECT_EQ(branching.bound(), try_all(model).best) << "seed " << seed;
  }
}

}  // namespace
}  // namespace warpshard
