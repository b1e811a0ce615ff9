#include "host/device/harvest_check.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/random_model.h"

namespace warpshard::testing {
namespace {

/// One variable with values of cost 9 and 1 and usage 0 and 20; the limit is 15.
Model tight_model() {
  Model model;
  model.constant = Cost(0, 100);
  model.value_offsets = {0, 2};
  model.unary = {9, 1};
  model.segment_offsets = {0, 1};
  model.segments = {{0, 1, 0}};
  model.segment_usage = {0, 20};
  model.capacity = {15};
  return model;
}

TEST(Verified, KeepsWhatFitsAtItsExactCost) {
  const auto state = verified(tight_model(), {0});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->values, Assignment{0});
  EXPECT_EQ(state->cost, Cost(0, 109));
}

TEST(Verified, DropsWhatExceedsALimitOrIsMalformed) {
  for (const Assignment& values : std::vector<Assignment>{{1}, {2}, {-1}, {}, {0, 0}})
    EXPECT_FALSE(verified(tight_model(), values));
}

}  // namespace
}  // namespace warpshard::testing
