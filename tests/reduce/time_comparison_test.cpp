#include "host/reduce/time_comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace warpshard::reduce {
namespace {

constexpr std::int32_t kTimes = 150;

std::int32_t below(std::mt19937_64& random, std::int32_t bound) {
  return static_cast<std::int32_t>(random() % bound);
}

/// Variables with a few pieces each, or with one at nearly every time.
State random_state(std::mt19937_64& random) {
  State state;
  state.capacity.resize(kTimes);
  for (auto& capacity : state.capacity) capacity = 40 + below(random, 9);
  state.drawn.assign(kTimes + 1, 0);
  state.variables.resize(4);
  for (Variable& variable : state.variables) {
    const std::int32_t domain = 1 + below(random, 3);
    for (std::int32_t a = 0; a < domain; ++a) variable.strategies.push_back(a);
    const std::int32_t pieces = below(random, 4) == 0 ? kTimes : below(random, 4);
    for (std::int32_t i = 0; i < pieces; ++i) {
      const std::int32_t begin = below(random, kTimes);
      variable.pieces.push_back({begin, begin + 1 + below(random, kTimes - begin)});
      for (std::int32_t a = 0; a < domain; ++a) variable.usage.push_back(below(random, 6));
    }
  }
  state.profile_all({});
  state.settle_capacity();
  return state;
}

std::int64_t usage_at(const Variable& variable, std::int32_t time, std::int32_t value) {
  for (std::size_t i = 0; i < variable.pieces.size(); ++i)
    if (variable.pieces[i].begin <= time && time < variable.pieces[i].end)
      return variable.usage_of(i)[value];
  return 0;
}

/// The most by which usage at one time can exceed that at another.
std::int64_t excess(const State& state, std::int32_t time, std::int32_t other) {
  std::int64_t sum = 0;
  for (const Variable& variable : state.variables) {
    std::int64_t most = INT64_MIN;
    for (std::int32_t a = 0; a < variable.domain(); ++a)
      most = std::max(most, usage_at(variable, time, a) - usage_at(variable, other, a));
    sum += most;
  }
  return sum;
}

TEST(TimeComparison, AgreesWithUsageAtEachPairOfTimes) {
  std::mt19937_64 random(1);
  int found_in_all = 0;
  for (int round = 0; round < 60; ++round) {
    const State state = random_state(random);
    std::vector<std::int32_t> points;
    for (std::int32_t t = 0; t < kTimes; ++t)
      if (below(random, 5) > 0) points.push_back(t);
    std::vector<std::uint8_t> skipped(points.size());
    for (auto& skip : skipped) skip = below(random, 4) == 0 ? 1 : 0;
    const TimeComparison comparison(state, points, {});
    TimeComparison::Walk walk(comparison);
    for (std::size_t i = below(random, 5); i < points.size(); i += 1 + below(random, 3)) {
      const std::size_t first = i < 20 ? 0 : i - 20;
      std::vector<Implication> found;
      walk.compare(i, first, skipped, found);
      std::size_t at = 0;
      for (std::size_t j = i; j-- > first;) {
        if (skipped[j] != 0) continue;
        const std::int64_t room = state.capacity[points[i]] - state.capacity[points[j]];
        const bool earlier_goes = excess(state, points[j], points[i]) <= -room;
        if (!earlier_goes && excess(state, points[i], points[j]) > room) continue;
        ASSERT_LT(at, found.size());
        EXPECT_EQ(found[at].earlier, static_cast<std::int32_t>(j));
        EXPECT_EQ(found[at].earlier_goes, earlier_goes);
        ++at;
      }
      EXPECT_EQ(at, found.size());
      found_in_all += static_cast<int>(at);
    }
  }
  EXPECT_GT(found_in_all, 100);
}

}  // namespace
}  // namespace warpshard::reduce
