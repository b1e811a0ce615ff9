#include "host/bound/dive.h"

#include <gtest/gtest.h>

#include "tests/bound/brute_force.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

TEST(Dive, FindsWhatFitsAndComesClose) {
  int solved = 0;
  int found_any = 0;
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    RandomModelShape shape;
    shape.num_variables = 6;
    shape.tightness = 0.4 + 0.1 * static_cast<double>(seed % 5);
    const Model model = random_model(shape, seed);
    const auto truth = try_all(model).best;
    const FlatModel flat(model);
    DualAscent ascent(model, flat, {});
    ascent.run_rounds(50);
    Dive dive(model, AscentState(model, flat, ascent), {});
    std::optional<Int128> found;
    EXPECT_TRUE(dive.run({}, [&](const Assignment& assignment, Int128 cost) {
      EXPECT_EQ(cost_of(model, assignment), (Cost{0, cost}));
      EXPECT_TRUE(fits(model, assignment));
      EXPECT_TRUE(!found || cost < *found);
      found = cost;
    }));
    if (!truth) continue;
    ++solved;
    found_any += found ? 1 : 0;
    optimal += found == truth ? 1 : 0;
  }
  EXPECT_GT(solved, 150);
  EXPECT_GT(found_any, solved * 3 / 4);
  EXPECT_GT(optimal, solved / 2);
}

TEST(Dive, StopsWhenTold) {
  const Model model = random_model({}, 1);
  Dive dive(model, AscentState(model), {});
  const std::atomic<bool> stop = true;
  EXPECT_FALSE(dive.run(StopToken(stop), {}));
}

}  // namespace
}  // namespace warpshard
