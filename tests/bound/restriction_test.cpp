#include "host/bound/restriction.h"

#include <gtest/gtest.h>

#include "tests/bound/brute_force.h"
#include "tests/bound/random_model.h"

namespace warpshard {
namespace {

TEST(Restriction, KeepsTheOptimumOfWhatIsLeft) {
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    RandomModelShape shape;
    shape.tightness = 0.2 + 0.1 * static_cast<double>(seed % 7);
    const Model model = random_model(shape, seed);
    std::mt19937_64 random(seed);
    ValueSet removed(model.unary.size(), false);
    for (std::size_t i = 0; i < removed.size(); ++i) removed[i] = random() % 5 == 0;

    // The same by brute force: forbid the removed values.
    Model forbidden = model;
    for (std::size_t i = 0; i < removed.size(); ++i)
      if (removed[i]) forbidden.unary[i] = kForbidden;
    const auto truth = try_all(forbidden).best;

    const auto restriction = restrict_model(model, removed);
    if (!restriction) {
      EXPECT_FALSE(truth) << "seed " << seed;
      continue;
    }
    EXPECT_EQ(try_all(restriction->model).best, truth) << "seed " << seed;
    Assignment first(static_cast<std::size_t>(restriction->model.num_variables()), 0);
    EXPECT_EQ(cost_of(model, extend(*restriction, first)).finite,
              cost_of(restriction->model, first).finite +
                  Int128{0} * cost_of(restriction->model, first).forbidden)
        << "seed " << seed;
    solved += truth ? 1 : 0;
  }
  EXPECT_GT(solved, 300);
}

}  // namespace
}  // namespace warpshard
