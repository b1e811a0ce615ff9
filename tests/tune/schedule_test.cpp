#include "host/tune/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace warpshard::tune {
namespace {

Standing at(double gap, double seconds, double recent_gain = 0) {
  Standing standing;
  standing.gap = gap;
  standing.seconds = seconds;
  standing.recent_gain = recent_gain;
  standing.slices = 1;
  return standing;
}

TEST(Schedule, ThoseWithoutASliceComeFirst) {
  const std::vector<Standing> standings{at(1, 1, 1), Standing{}, Standing{}};
  EXPECT_EQ(next_slice(standings), 1);
}

TEST(Schedule, WiderGapLessTimeAndRecentGainCount) {
  EXPECT_GT(expected_gain(at(0.2, 10)), expected_gain(at(0.1, 10)));
  EXPECT_GT(expected_gain(at(0.1, 10)), expected_gain(at(0.1, 20)));
  EXPECT_GT(expected_gain(at(0.1, 10, 0.01)), expected_gain(at(0.1, 10)));
  Standing heavy = at(0.1, 10);
  heavy.weight = 3;
  EXPECT_GT(expected_gain(heavy), expected_gain(at(0.2, 10)));
}

TEST(Schedule, WhatOthersWorkOnComesLastButComes) {
  std::vector<Standing> standings{at(0.9, 1), at(0.1, 10)};
  standings[0].aside = true;
  EXPECT_EQ(next_slice(standings), 1);
  standings[1].open = false;
  EXPECT_EQ(next_slice(standings), 0);
  standings[0].open = false;
  EXPECT_FALSE(next_slice(standings));
}

TEST(Schedule, SlicesDoubleUpToTheLongest) {
  const SliceLength length{.first = 2, .longest = 100};
  EXPECT_EQ(length.seconds(0), 2);
  EXPECT_EQ(length.seconds(2), 2);
  EXPECT_EQ(length.seconds(10), 10);
  EXPECT_EQ(length.seconds(1000), 100);
}

/// Gaps that close as a / (a + 10 T): a third are stuck above 0, a third are closed by their first
/// second, which equal shares do not make use of. What is left after a budget.
double mean_gap_after(double budget, bool by_expected_gain) {
  constexpr int kInstances = 30;
  std::vector<Standing> standings(kInstances);
  const auto gap_of = [](int i, double seconds) {
    if (i % 3 == 1) return 0.0;
    const double floor = i % 3 == 0 ? 0.05 : 0.0;
    return floor + (1 + i) / (1.0 + i + 10 * seconds);
  };
  const SliceLength length{.first = 1, .longest = 16};
  std::size_t turn = 0;
  while (budget > 0) {
    const std::size_t i = by_expected_gain ? *next_slice(standings) : turn++ % kInstances;
    Standing& standing = standings[i];
    const double seconds =
        std::min(budget, by_expected_gain ? length.seconds(standing.seconds) : 1);
    const double before = standing.gap;
    standing.seconds += seconds;
    standing.gap = gap_of(static_cast<int>(i), standing.seconds);
    standing.recent_gain =
        standing.slices == 0 ? 0 : std::max(0.0, before - standing.gap) / seconds;
    standing.open = standing.gap > 0;
    ++standing.slices;
    budget -= seconds;
  }
  double sum = 0;
  for (const Standing& standing : standings) sum += standing.slices == 0 ? 1.0 : standing.gap;
  return sum / kInstances;
}

TEST(Schedule, ClosesMoreThanEqualShares) {
  for (const double budget : {90.0, 150.0, 600.0})
    EXPECT_LT(mean_gap_after(budget, true), mean_gap_after(budget, false)) << budget;
}

}  // namespace
}  // namespace warpshard::tune
