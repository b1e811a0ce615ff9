#include "host/bound/fixed_point.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/bound/brute_force.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

/// Messages and prices as an ascent might leave them, or any others.
struct Inputs {
  std::vector<float> prices;
  std::vector<float> messages;
};

Inputs random_inputs(const Model& model, const Sweeps& sweeps, double scale, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> draw(-1, 1);
  Inputs inputs;
  for (std::size_t t = 0; t < model.capacity.size(); ++t)
    inputs.prices.push_back(seed % 3 == 0 ? 0 : static_cast<float>(scale) * std::abs(draw(random)));
  for (std::int64_t i = 0; i < sweeps.num_message_entries(); ++i)
    inputs.messages.push_back(seed % 2 == 0 ? 0 : static_cast<float>(scale) * draw(random));
  return inputs;
}

/// Leaves of a hub, and at times a ring around it. Costs are so dear that few fractional bits are
/// left of an integer, or none, and many differ by a few units only.
Model hub(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::int64_t dear = std::int64_t{1} << (40 + seed % 18);
  const auto cost = [&] {
    return dear * (static_cast<std::int64_t>(random() % 8) / 7) +
           static_cast<std::int64_t>(random() % 20) - 10;
  };
  Model model;
  const auto leaves = static_cast<std::int32_t>(3 + seed % 5);
  for (std::int32_t v = 0; v <= leaves; ++v) {
    const std::int32_t domain = 2 + static_cast<std::int32_t>(random() % 2);
    for (std::int32_t d = 0; d < domain; ++d) model.unary.push_back(cost());
    model.value_offsets.push_back(static_cast<std::int32_t>(model.unary.size()));
    model.segment_offsets.push_back(0);
  }
  const auto join = [&](std::int32_t u, std::int32_t v) {
    model.edges.push_back({u, v, static_cast<std::int32_t>(model.table_offsets.size()) - 1});
    for (std::int32_t k = 0; k < model.domain(u) * model.domain(v); ++k)
      model.entries.push_back(random() % 8 == 0 ? kForbiddenEntry : cost());
    model.table_offsets.push_back(static_cast<std::int64_t>(model.entries.size()));
  };
  const std::int32_t middle = static_cast<std::int32_t>(random() % (leaves + 1));
  for (std::int32_t u = 0; u <= leaves; ++u)
    for (std::int32_t v = u + 1; v <= leaves; ++v)
      if (u == middle || v == middle || (seed % 4 == 0 && v == u + 1)) join(u, v);
  return model;
}

/// What the proofs say about single values, compared with the truth.
struct Verdict {
  int too_much = 0;  ///< values said to cost more than they do
  int exact = 0;     ///< values known to the last digit
  int values = 0;
};

void judge(const Model& model, const FixedPoint& proof, Verdict& verdict) {
  const BruteForce truth = try_all(model);
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    for (std::int32_t d = 0; d < model.domain(v); ++d) {
      const auto& best = truth.best_with[model.value_offsets[v] + d];
      if (!best) continue;
      ++verdict.values;
      verdict.too_much += proof.costs_more(v, d, *best) ? 1 : 0;
      verdict.exact += proof.costs_more(v, d, *best - 1) ? 1 : 0;
    }
  }
}

TEST(FixedPoint, NeverClaimsMoreThanATruthOfDearHubs) {
  Verdict verdict;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const Model model = hub(seed);
    const FlatModel flat(model);
    const Sweeps sweeps(flat, static_cast<SweepOrder>(seed % 3));
    const Inputs inputs = random_inputs(model, sweeps, 1e6, seed);
    judge(model, FixedPoint(model, flat, sweeps, inputs.prices, inputs.messages), verdict);
  }
  EXPECT_EQ(verdict.too_much, 0);
  EXPECT_GT(verdict.values, 20'000);
  EXPECT_GT(verdict.exact, verdict.values / 10);
}

/// Small costs, but for one value that is so dear that no fractional bits are left: rounding then
/// shows in claims about values in about one of five thousand such models.
Model with_a_dear_value(std::uint64_t seed) {
  RandomModelShape shape;
  shape.num_variables = 4 + static_cast<std::int32_t>(seed % 4);
  shape.max_domain = 3;
  shape.edges_per_variable =
      (0.3 + 0.15 * static_cast<double>(seed % 5)) * (shape.num_variables - 1) / 2;
  shape.forbidden_probability = seed % 3 == 0 ? 0.1 : 0;
  shape.max_cost = 3 + static_cast<std::int64_t>(seed % 20);
  shape.tightness = 2;
  shape.num_times = 1;
  Model model = random_model(shape, seed);
  std::int32_t v = 0;
  while (v + 1 < model.num_variables() && model.domain(v) < 2) ++v;
  if (model.domain(v) > 1)
    model.unary[model.value_offsets[v] + 1] = (std::int64_t{1} << 57) * (seed % 2 == 1 ? 1 : 3);
  return model;
}

TEST(FixedPoint, NeverClaimsMoreThanTheTruthWithoutFractionalBits) {
  Verdict verdict;
  for (std::uint64_t seed = 0; seed < 12'000; ++seed) {
    const Model model = with_a_dear_value(seed);
    const FlatModel flat(model);
    const Sweeps sweeps(flat, static_cast<SweepOrder>(seed % 3));
    std::mt19937_64 random(seed);
    Inputs inputs = random_inputs(model, sweeps, 0, seed);
    for (float& message : inputs.messages)
      message = seed % 2 == 0 ? 0 : static_cast<float>(random() % 7) - 3;
    judge(model, FixedPoint(model, flat, sweeps, inputs.prices, inputs.messages), verdict);
  }
  EXPECT_EQ(verdict.too_much, 0);
  EXPECT_GT(verdict.exact, 0);
}

TEST(FixedPoint, NeverClaimsMoreThanTheTruthAtAnyPrices) {
  Verdict verdict;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const Model model = random_model(varied_shape(seed, std::int64_t{1} << (20 + seed % 35)), seed);
    const FlatModel flat(model);
    const Sweeps sweeps(flat, static_cast<SweepOrder>(seed % 3));
    const Inputs inputs = random_inputs(model, sweeps, seed % 5 == 0 ? 1e15 : 5, seed);
    FixedPoint proof(model, flat, sweeps, inputs.prices, inputs.messages);
    judge(model, proof, verdict);
    const auto best = try_all(model).best;
    if (!best) continue;
    proof.refine(*best, 10);
    judge(model, proof, verdict);
    const auto certified = certified_bound(model, proof.certificate());
    ASSERT_TRUE(certified.ok()) << certified.error().message;
    EXPECT_LE(certified->bound, *best) << "seed " << seed;
  }
  EXPECT_EQ(verdict.too_much, 0);
  EXPECT_GT(verdict.exact, 0);
}

TEST(FixedPoint, BoundsTreesWithCostsUpToTheRange) {
  // Sums of finite entries may come up to 2^62.
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Model model = hub(4 * seed + 1);
    const auto terms = static_cast<std::int64_t>(model.edges.size()) + model.num_variables();
    std::mt19937_64 random(seed);
    const std::int64_t dear = kForbiddenEntry / terms;
    for (auto& cost : model.unary) cost = static_cast<std::int64_t>(random() % dear);
    for (auto& cost : model.entries) cost = static_cast<std::int64_t>(random() % dear);
    const FlatModel flat(model);
    const Sweeps sweeps(flat, SweepOrder::kInput);
    const Inputs inputs = random_inputs(model, sweeps, 0, seed);
    const FixedPoint proof(model, flat, sweeps, inputs.prices, inputs.messages);
    Verdict verdict;
    judge(model, proof, verdict);
    EXPECT_EQ(verdict.too_much, 0) << "seed " << seed;
    const auto certified = certified_bound(model, proof.certificate());
    ASSERT_TRUE(certified.ok()) << certified.error().message;
    const Int128 best = *try_all(model).best;
    EXPECT_LE(certified->bound, best);
    EXPECT_GE(certified->bound, best - 1000) << "seed " << seed;
  }
}

}  // namespace
}  // namespace warpshard
