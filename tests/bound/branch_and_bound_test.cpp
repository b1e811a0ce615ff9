#include "host/bound/branch_and_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "tests/bound/brute_force.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

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
    branching.run({}, [&](const Assignment& assignment, Int128 cost) {
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
    for (int i = 0; i < 3; ++i) {
      branching.run(StopToken(std::chrono::steady_clock::now() + std::chrono::microseconds(50)),
                    {});
      const Int128 incumbent = *truth.best + static_cast<Int128>(seed % 3);
      EXPECT_LE(branching.bound().value_or(*truth.best),
                branching.closed() ? incumbent : *truth.best);
    }
  }
}

TEST(BranchAndBound, GoalsComeDownWithIncumbentsThatOthersFind) {
  int open_on_the_way = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const BruteForce truth = try_all(model);
    if (!truth.best) continue;
    BranchOptions options;
    options.root_rounds = 3;
    options.rounds = 3;
    options.staged = true;
    BranchAndBound branching(model, options);
    Int128 above = seed % 2 == 0 ? 64 : 1 << 20;
    branching.set_incumbent(*truth.best + above);
    while (auto task = branching.take()) {
      branching.finish(branching.expand(*std::move(task), {}), {});
      EXPECT_LE(branching.bound().value_or(*truth.best), *truth.best) << "seed " << seed;
      open_on_the_way += branching.closed() ? 0 : 1;
      above /= 2;
      branching.set_incumbent(*truth.best + above);
    }
    EXPECT_TRUE(branching.closed()) << "seed " << seed;
    EXPECT_EQ(branching.bound(), truth.best) << "seed " << seed;
  }
  EXPECT_GT(open_on_the_way, 100);
}

/// Closes as many models, with few rounds at each part.
void expect_optima(std::uint64_t num_models, BranchOptions options) {
  options.root_rounds = 10;
  options.rounds = 10;
  for (std::uint64_t seed = 0; seed < num_models; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    BranchAndBound branching(model, options);
    branching.run({}, {});
    EXPECT_TRUE(branching.closed());
    EXPECT_EQ(branching.bound(), try_all(model).best) << "seed " << seed;
  }
}

/// Expands the nodes one by one, each in slices of so many rounds; returns how many there were.
std::int64_t close_in_slices(const Model& model, std::int64_t rounds,
                             std::optional<Int128>& bound) {
  BranchOptions options;
  options.root_rounds = 20;
  options.rounds = 15;
  BranchAndBound branching(model, options);
  while (auto task = branching.take()) {
    EXPECT_EQ(branching.num_at_work(), 1);
    branching.finish(branching.expand(std::move(*task), {}, rounds), {});
  }
  EXPECT_TRUE(branching.closed());
  bound = branching.bound();
  return branching.num_nodes();
}

TEST(BranchAndBound, SlicesOfRoundsGiveTheSameTree) {
  std::int64_t nodes = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    std::optional<Int128> whole;
    std::optional<Int128> sliced;
    const std::int64_t expected = close_in_slices(model, 1000, whole);
    EXPECT_EQ(close_in_slices(model, 7, sliced), expected) << "seed " << seed;
    EXPECT_EQ(whole, try_all(model).best) << "seed " << seed;
    EXPECT_EQ(sliced, whole) << "seed " << seed;
    nodes += expected;
  }
  EXPECT_GT(nodes, 100) << "nothing was branched on";
}

/// The same, with a tree that is written to bytes and read back after every slice.
TEST(BranchAndBound, TreesThatAreReadBackGoOn) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    std::optional<Int128> whole;
    const std::int64_t expected = close_in_slices(model, 1000, whole);
    BranchOptions options;
    options.root_rounds = 20;
    options.rounds = 15;
    auto branching = std::make_unique<BranchAndBound>(model, options);
    while (auto task = branching->take()) {
      branching->finish(branching->expand(std::move(*task), {}, 7), {});
      Archive writer;
      branching->transfer(writer);
      Archive reader(writer.bytes());
      branching = std::make_unique<BranchAndBound>(model, options);
      branching->transfer(reader);
      EXPECT_TRUE(reader.at_end());
    }
    EXPECT_EQ(branching->bound(), whole) << "seed " << seed;
    EXPECT_EQ(branching->num_nodes(), expected) << "seed " << seed;
  }
}

/// What a root calls too dear is.
TEST(BranchAndBound, RootsTellWhatIsTooDear) {
  int removable = 0;
  int trees = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const BruteForce truth = try_all(model);
    if (!truth.best) continue;
    BranchOptions options;
    options.root_rounds = 20;
    options.rounds = 15;
    BranchAndBound branching(model, options);
    branching.set_incumbent(*truth.best + static_cast<Int128>(seed % 2));
    while (auto task = branching.take()) {
      trees += task->node->depth == 0 ? 1 : 0;
      BranchResult result = branching.expand(std::move(*task), {});
      for (const auto& [v, d] : result.removable) {
        const auto least = truth.best_with[model.value_offsets[v] + d];
        EXPECT_TRUE(!least || *least > *truth.best) << "seed " << seed;
      }
      removable += static_cast<int>(result.removable.size());
      branching.finish(std::move(result), {});
    }
    EXPECT_TRUE(branching.closed());
    EXPECT_EQ(branching.bound(), *truth.best) << "seed " << seed;
  }
  EXPECT_GT(removable, 500);
  EXPECT_GT(trees, 300);
}

TEST(BranchAndBound, NodesThatAreStoppedLoseNothing) {
  const std::atomic<bool> stop = true;
  int stopped = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    BranchAndBound branching(model, {});
    for (int i = 0; auto task = branching.take(); ++i) {
      // Every other time it is stopped at once.
      BranchResult result =
          branching.expand(std::move(*task), i % 2 == 0 ? StopToken(stop) : StopToken());
      stopped += result.finished ? 0 : 1;
      EXPECT_TRUE(result.finished || i % 2 == 0);
      branching.finish(std::move(result), {});
      ASSERT_LT(i, 100'000);
    }
    EXPECT_TRUE(branching.closed());
    EXPECT_EQ(branching.bound(), try_all(model).best) << "seed " << seed;
  }
  EXPECT_GT(stopped, 50);
}

TEST(BranchAndBound, ThreadsAgree) {
  expect_optima(60, {.threads = 4});
}

TEST(BranchAndBound, ClosesWithProbesOfSomeHubsOrNone) {
  expect_optima(200, {.root_probes = 0, .probes = 0});
  expect_optima(200, {.root_probes = 1, .probes = 1});
}

/// How many parts the splits of a tree have, at most.
std::size_t widest_split(const Model& model, BranchOptions options) {
  options.root_rounds = 10;
  options.rounds = 10;
  BranchAndBound branching(model, options);
  std::size_t widest = 0;
  while (auto task = branching.take()) {
    BranchResult result = branching.expand(std::move(*task), {});
    widest = std::max(widest, result.children.size());
    branching.finish(std::move(result), {});
  }
  return widest;
}

TEST(BranchAndBound, SplitsHubsIntoTheirValues) {
  int wide = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    RandomModelShape shape;
    shape.num_variables = 14;
    shape.max_domain = 6;
    shape.edges_per_variable = 4;
    shape.tightness = 1;
    const Model model = random_model(shape, seed);
    wide += widest_split(model, {}) > 2 ? 1 : 0;
    EXPECT_LE(widest_split(model, {.root_probes = 0, .probes = 0}), 2U);
  }
  EXPECT_GT(wide, 0);
}

TEST(BranchAndBound, ClosesWithoutRoomForStates) {
  expect_optima(200, {.state_bytes = 0});
}

}  // namespace
}  // namespace warpshard
