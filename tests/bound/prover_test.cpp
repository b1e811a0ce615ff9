#include "host/bound/prover.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <thread>

#include "tests/bound/brute_force.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

StopToken soon() {
  return StopToken(std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
}

TEST(Prover, ProvesTheOptimumByBranching) {
  int open_without = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const FlatModel flat(model);
    const BruteForce truth = try_all(model);
    Prover prover(model, flat, {});
    if (truth.best && seed % 2 == 0) prover.set_incumbent(*truth.best + 1);
    prover.run({}, [&](const Assignment& assignment, Int128 cost) {
      EXPECT_EQ(cost_of(model, assignment), (Cost{0, cost}));
      EXPECT_TRUE(fits(model, assignment));
    });
    EXPECT_TRUE(prover.closed());
    EXPECT_EQ(prover.none_allowed(), !truth.best) << "seed " << seed;
    EXPECT_EQ(prover.bound(), truth.best) << "seed " << seed;
    open_without += prover.num_nodes() > 1 ? 1 : 0;
  }
  EXPECT_GT(open_without, 0) << "nothing was branched on";
}

TEST(Prover, GoesOnWhereAnotherAscentEnded) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const FlatModel flat(model);
    const BruteForce truth = try_all(model);
    Prover first(model, flat, {});
    for (int look = 0; look < 3 && !first.closed(); ++look) first.ascend({});
    const WarmStart start = first.ascent();
    Prover prover(model, flat, {}, &start);
    EXPECT_EQ(prover.rounds(), first.rounds());
    prover.ascend({}, 1);
    if (!prover.none_allowed() && !first.none_allowed()) {
      EXPECT_GE(prover.ascent().bound, start.bound - 1e-3 * std::abs(start.bound) - 1)
          << "seed " << seed;
    }
    prover.run({}, {});
    EXPECT_TRUE(prover.closed());
    EXPECT_EQ(prover.bound(), truth.best) << "seed " << seed;
  }
}

TEST(Prover, BoundsHoldAtAnyTime) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const FlatModel flat(model);
    const BruteForce truth = try_all(model);
    if (!truth.best) continue;
    Prover prover(model, flat, {});
    EXPECT_EQ(prover.bound(), std::nullopt);
    prover.set_incumbent(*truth.best + static_cast<Int128>(seed % 3));
    for (int i = 0; i < 3; ++i) {
      prover.run(soon(), {});
      prover.certify();
      ASSERT_TRUE(prover.bound());
      EXPECT_LE(*prover.bound(), *truth.best + (prover.closed() ? seed % 3 : 0)) << "seed " << seed;
    }
  }
}

TEST(Prover, WithoutBranchingTheCertificateProvesTheBound) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const FlatModel flat(model);
    ProverOptions options;
    options.branch = false;
    Prover prover(model, flat, options);
    prover.run(soon(), {});
    prover.certify();
    EXPECT_EQ(prover.num_nodes(), 0);
    const auto certified = certified_bound(model, prover.certificate());
    ASSERT_TRUE(certified);
    EXPECT_EQ(prover.none_allowed(), certified->none_allowed);
    if (certified->none_allowed) continue;
    EXPECT_EQ(prover.bound(), certified->bound) << "seed " << seed;
  }
}

TEST(Prover, GoesOnAfterItWasStopped) {
  const Model model = random_model(
      {.num_variables = 30, .max_domain = 4, .edges_per_variable = 1.45, .tightness = 0.4}, 3);
  const FlatModel flat(model);
  Prover prover(model, flat, {});
  std::optional<Int128> before;
  for (int i = 0; i < 20; ++i) {
    std::atomic<bool> stop = false;
    std::thread stopper([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5 * i));
      stop = true;
    });
    prover.run(StopToken(stop), {});
    stopper.join();
    const auto bound = prover.bound();
    EXPECT_GE(bound, before);  // none is the least
    before = bound;
  }
  prover.run({}, {});
  EXPECT_GE(prover.bound(), before);
  Prover other(model, flat, {});
  other.run({}, {});
  EXPECT_EQ(prover.bound(), other.bound());
}

}  // namespace
}  // namespace warpshard
