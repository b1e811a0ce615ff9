#include "host/bound/certificate.h"

#include <gtest/gtest.h>

#include <sstream>

#include "host/bound/dual_ascent.h"
#include "host/bound/fixed_point.h"
#include "tests/bound/brute_force.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

/// Dear enough for sums beyond what a double can tell apart.
constexpr std::int64_t kDearest = 100'000'000'000;

TEST(Certificate, NeverExceedsTheOptimumAndLosesNothing) {
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const Model model = random_model(varied_shape(seed, kDearest), seed);
    const FlatModel flat(model);
    const BruteForce truth = try_all(model);
    if (!truth.best) continue;
    ++solved;
    DualAscent ascent(model, flat, {});
    ascent.run_rounds(static_cast<std::int64_t>(seed % 50));
    const auto certified = certified_bound(model, ascent.certificate());
    ASSERT_TRUE(certified) << certified.error().message;
    ASSERT_FALSE(certified->none_allowed);
    EXPECT_LE(certified->bound, *truth.best) << "seed " << seed;
    const double lost = ascent.bound() - static_cast<double>(certified->bound);
    EXPECT_LE(lost, 1e-5 * (std::abs(ascent.bound()) +
                            static_cast<double>(varied_shape(seed, kDearest).max_cost)));
  }
  EXPECT_GT(solved, 1000);
}

}  // namespace
}  // namespace warpshard
