#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <span>
#include <vector>

#include "host/bound/dual_ascent.h"
#include "host/bound/prover.h"
#include "host/bound/step_rule.h"
#include "host/model/cost_scale.h"
#include "tests/bound/brute_force.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

/// Where an ascent stands after some rounds.
struct Stand {
  double bound = 0;  ///< above the constant
  std::vector<float> prices;
  Assignment decoded;
};

Stand stand_of(const Model& model, bool smooth, std::optional<Int128> incumbent) {
  const FlatModel flat(model);
  DualOptions options;
  options.smooth = smooth;
  DualAscent ascent(model, flat, options);
  if (incumbent) ascent.set_incumbent(*incumbent);
  ascent.run_rounds(300);
  return {ascent.bound_above_constant(),
          {ascent.prices().begin(), ascent.prices().end()},
          ascent.decode(0, 1)};
}

TEST(Scale, AConstantChangesNoBit) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Model model = random_model(varied_shape(seed), seed);
    const auto best = try_all(model).best;
    const Stand expected = stand_of(model, seed % 2 == 0, best);
    constexpr std::int64_t kShift = 987'654'321'987'654'321;
    model.constant.finite += kShift;
    const Stand shifted =
        stand_of(model, seed % 2 == 0, best ? std::optional(*best + kShift) : std::nullopt);
    EXPECT_EQ(shifted.bound, expected.bound) << "seed " << seed;
    EXPECT_EQ(shifted.prices, expected.prices) << "seed " << seed;
    EXPECT_EQ(shifted.decoded, expected.decoded) << "seed " << seed;
  }
}

/// True if some list's costs differ: without that, there is no scale but 1.
bool has_scale(const Model& model) {
  return FlatModel(model).forbidden_cost > 2;
}

TEST(Scale, APowerOfTwoScalesAllWithoutRounding) {
  int with_scale = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Model model = random_model(varied_shape(seed), seed);
    const auto best = try_all(model).best;
    const Stand expected = stand_of(model, seed % 2 == 0, best);
    constexpr std::int64_t kFactor = 1 << 12;
    const std::int64_t price_factor = has_scale(model) ? kFactor : 1;
    with_scale += has_scale(model) ? 1 : 0;
    model.constant.finite *= kFactor;
    for (const std::span<std::int64_t> list : {std::span(model.unary), std::span(model.entries)})
      for (std::int64_t& entry : list)
        if (!forbids(entry)) entry *= kFactor;
    const Stand scaled =
        stand_of(model, seed % 2 == 0, best ? std::optional(*best * kFactor) : std::nullopt);
    if (price_factor == kFactor) {
      EXPECT_EQ(scaled.bound, kFactor * expected.bound) << "seed " << seed;
    }
    for (std::size_t t = 0; t < expected.prices.size(); ++t)
      EXPECT_EQ(scaled.prices[t], price_factor * expected.prices[t]) << "seed " << seed;
    EXPECT_EQ(scaled.decoded, expected.decoded) << "seed " << seed;
  }
  EXPECT_GT(with_scale, 30);
}

/// Four variables of three values; equal values of two of them cost one. Prices and messages prove
/// no more than the constant, and one pair is equal in any case.
Model four_cliques_of_three_colours(std::int64_t constant) {
  Model model;
  model.constant.finite = constant;
  model.unary.assign(12, 0);
  model.value_offsets = {0, 3, 6, 9, 12};
  model.segment_offsets.assign(5, 0);
  model.entries = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  model.table_offsets = {0, 9};
  for (std::int32_t u = 0; u < 4; ++u)
    for (std::int32_t v = u + 1; v < 4; ++v) model.edges.push_back({u, v, 0});
  return model;
}

TEST(Scale, ABoundOfZeroIsABoundLikeAnyOther) {
  for (const std::int64_t constant : {0, 1, 4000, -1}) {
    const Model model = four_cliques_of_three_colours(constant);
    const FlatModel flat(model);
    Prover prover(model, flat, {});
    prover.run({}, {});
    EXPECT_TRUE(prover.closed());
    EXPECT_EQ(prover.bound(), Int128{constant} + 1);
  }
}

TEST(Scale, IsOneWhereAllCostsAreEqual) {
  Model model = four_cliques_of_three_colours(0);
  std::ranges::fill(model.entries, 7);
  EXPECT_EQ(cost_scale(model), 1);
  std::ranges::fill(model.entries, kForbiddenEntry);
  EXPECT_EQ(cost_scale(model), 1);
}

TEST(StepRule, RaisesThePriceOfWhatIsOverused) {
  StepRule rule(2, /*scale=*/100, /*first_level=*/0.05, /*most_price=*/1000);
  EXPECT_EQ(rule.level(), 5);
  std::vector<double> prices(2, 0);
  rule.observe(0, INFINITY);
  rule.step(prices, std::vector<double>{3, -4});
  EXPECT_GT(prices[0], 0);
  EXPECT_EQ(prices[1], 0);
}

TEST(StepRule, AimsNoHigherThanTheTarget) {
  StepRule rule(1, 100, 0.05, 1000);
  rule.observe(-3, -1);
  EXPECT_EQ(rule.level(), 2);
}

TEST(StepRule, FallsWhileNothingIsGainedAndStartsAgain) {
  StepRule rule(1, 100, 0.05, 1000);
  double last = rule.level();
  for (int i = 0; i < 2000 && rule.restarts() == 0; ++i) {
    rule.observe(0, INFINITY);
    if (rule.restarts() > 0) break;
    EXPECT_LE(rule.level(), last);
    last = rule.level();
  }
  EXPECT_EQ(rule.restarts(), 1);
  EXPECT_GT(rule.level(), last);
}

TEST(StepRule, PricesHaveACeiling) {
  StepRule rule(1, 1e9, 1, 1000);
  std::vector<double> prices(1, 0);
  for (int i = 0; i < 1000; ++i) {
    rule.observe(i * 1e9, INFINITY);
    rule.step(prices, std::vector<double>{1e-5});
    ASSERT_TRUE(std::isfinite(prices[0]));
  }
  EXPECT_EQ(prices[0], 1000);
}

}  // namespace
}  // namespace warpshard
