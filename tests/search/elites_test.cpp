#include "host/search/elites.h"

#include <gtest/gtest.h>

namespace warpshard {
namespace {

Elite elite(Assignment values, std::int64_t cost) {
  return Elite{std::move(values), {}, Cost{0, cost}};
}

TEST(Elites, KeepsTheCheapestFirstAndDropsTheWorst) {
  Elites elites(/*room=*/2, /*least_distance=*/1);
  elites.add(elite({0, 0, 0}, 30));
  elites.add(elite({1, 1, 1}, 10));
  elites.add(elite({2, 2, 2}, 20));
  const auto all = elites.all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].values, (Assignment{1, 1, 1}));
  EXPECT_EQ(all[1].values, (Assignment{2, 2, 2}));
}

TEST(Elites, OfThoseAlikeOnlyTheCheapestStays) {
  Elites elites(/*room=*/8, /*least_distance=*/2);
  elites.add(elite({0, 0, 0, 0}, 30));
  elites.add(elite({0, 0, 0, 1}, 20));  // alike and cheaper: replaces
  elites.add(elite({0, 0, 1, 1}, 25));  // alike and dearer: ignored
  elites.add(elite({5, 5, 5, 5}, 90));  // far away
  const auto all = elites.all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].values, (Assignment{0, 0, 0, 1}));
  EXPECT_EQ(all[1].values, (Assignment{5, 5, 5, 5}));
}

TEST(Elites, HammingDistanceCountsPositions) {
  EXPECT_EQ(hamming_distance(Assignment{1, 2, 3}, Assignment{1, 0, 0}), 2);
  EXPECT_EQ(hamming_distance(Assignment{}, Assignment{}), 0);
}

}  // namespace
}  // namespace warpshard
