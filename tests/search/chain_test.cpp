#include "host/search/chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

/// A model, flattened, with what a chain needs around it.
struct Bench {
  explicit Bench(const Model& exact)
      : model(exact), flat(model), noise(flat.max_stride), chain(flat.view(), noise, 7, 0) {}
  Model model;
  FlatModel flat;
  NoiseTable noise;
  Chain chain;
};

std::vector<std::int64_t> excess_of(const Model& model, const Assignment& values) {
  auto usage = usage_of(model, values);
  for (std::size_t t = 0; t < usage.size(); ++t)
    usage[t] = std::max<std::int64_t>(0, usage[t] - model.capacity[t]);
  return usage;
}

class ChainOnRandomModels : public ::testing::TestWithParam<int> {};

TEST_P(ChainOnRandomModels, AccountsExactlyAndNeverAddsToViolations) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  Bench bench(random_model(seed % 3 == 0 ? large_shape() : RandomModelShape{}, seed));
  const Model& model = bench.model;
  const Assignment start = random_assignment(model, seed + 1);
  const std::vector<float> prices(model.capacity.size(), 0.3F);
  bench.chain.start(start, prices);
  auto excess = excess_of(model, start);
  for (int epoch = 0; epoch < 20; ++epoch) {
    bench.chain.sweep_loners(20.0F);
    bench.chain.run(20.0F, 500);
    const Assignment now = bench.chain.values();
    const Cost cost = cost_of(model, now);
    EXPECT_EQ(cost.forbidden, bench.chain.account().forbidden);
    EXPECT_EQ(static_cast<std::int64_t>(cost.finite), bench.chain.account().finite);
    EXPECT_EQ(fits(model, now), bench.chain.fits());
    const auto excess_now = excess_of(model, now);
    for (std::size_t t = 0; t < excess.size(); ++t) EXPECT_LE(excess_now[t], excess[t]);
    excess = excess_now;
    bench.chain.follow_prices(PriceRule{});
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ChainOnRandomModels, ::testing::Range(0, 60));

TEST_P(ChainOnRandomModels, AbsorbingNeverMakesItDearerAndAccountsExactly) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  Bench bench(random_model(large_shape(), seed));
  const Model& model = bench.model;
  const std::vector<float> prices(model.capacity.size(), 0.3F);
  const Assignment start = random_assignment(model, seed + 1);
  bench.chain.start(start, prices);
  bench.chain.run(5.0F, 3000);
  const Assignment other = bench.chain.values();
  bench.chain.run(50.0F, 300);
  const Cost before = cost_of(model, bench.chain.values());
  const auto excess = excess_of(model, start);  // the most that one-way memory allows
  bench.chain.absorb(other);
  const Assignment now = bench.chain.values();
  const Cost after = cost_of(model, now);
  EXPECT_LE(after, before);
  EXPECT_EQ(after.forbidden, bench.chain.account().forbidden);
  EXPECT_EQ(static_cast<std::int64_t>(after.finite), bench.chain.account().finite);
  const auto excess_now = excess_of(model, now);
  for (std::size_t t = 0; t < excess.size(); ++t) EXPECT_LE(excess_now[t], excess[t]);
}

TEST(Chain, SameSeedSameAnswer) {
  const Model model = random_model(large_shape(), 5);
  const Assignment start = random_assignment(model, 6);
  const std::vector<float> prices(model.capacity.size(), 0.1F);
  Bench one(model);
  Bench two(model);
  for (Bench* bench : {&one, &two}) {
    bench->chain.start(start, prices);
    bench->chain.run(30.0F, 5000);
  }
  EXPECT_EQ(one.chain.values(), two.chain.values());
  EXPECT_NE(one.chain.values(), start);
}

/// Two variables that must agree, either of which pays on its own: only a block of both crosses.
TEST(Chain, TreeBlockCrossesAForbiddenBarrier) {
  Model model;
  model.value_offsets = {0, 2, 4};
  model.unary = {5, 0, 5, 0};
  model.table_offsets = {0, 4};
  model.entries = {0, kForbiddenEntry, kForbiddenEntry, 0};
  model.edges = {{0, 1, 0}};
  model.segment_offsets = {0, 0, 0};
  Bench bench(model);
  bench.chain.start(Assignment{0, 0}, {});
  bench.chain.policy().least_log2_tree = 1;
  bench.chain.run(0.0F, 10);
  EXPECT_EQ(bench.chain.values(), (Assignment{1, 1}));
  EXPECT_EQ(bench.chain.account().finite, 0);
}

/// The cheap value does not fit; the flip falls back to the best that does.
TEST(Chain, FlipTakesTheBestThatFits) {
  Model model;
  model.value_offsets = {0, 3};
  model.unary = {9, 4, 0};
  model.segment_offsets = {0, 1};
  model.segments = {{0, 1, 0}};
  model.segment_usage = {0, 10, 20};
  model.capacity = {15};
  Bench bench(model);
  bench.chain.start(Assignment{0}, std::vector<float>{0.0F});
  bench.chain.sweep_loners(0.0F);
  EXPECT_EQ(bench.chain.values(), Assignment{1});
}

/// Forty times the capacity: in units that the capacity suits, this would not fit in 32 bits.
TEST(Chain, StartsFarAboveTheLimitAndComesBack) {
  constexpr std::int32_t kVariables = 40;
  constexpr std::int64_t kCapacity = std::int64_t{1} << 28;
  Model model;
  for (std::int32_t v = 0; v < kVariables; ++v) {
    model.value_offsets.push_back(2 * (v + 1));
    model.unary.insert(model.unary.end(), {0, 1});  // the value without usage is the cheaper one
    model.segment_offsets.push_back(v + 1);
    model.segments.push_back({0, 1, std::int64_t{2} * v});
    model.segment_usage.insert(model.segment_usage.end(), {0, kCapacity});
    if (v == 0) continue;
    model.edges.push_back({v - 1, v, 0});
  }
  model.table_offsets = {0, 4};
  model.entries = {0, 0, 0, 0};
  model.capacity = {kCapacity};
  Bench bench(model);
  bench.chain.start(Assignment(kVariables, 1), std::vector<float>{0.0F});
  EXPECT_FALSE(bench.chain.fits());
  EXPECT_EQ(bench.chain.excess() * bench.flat.usage_quantum, (kVariables - 1) * kCapacity);
  bench.chain.run(0.0F, 10'000);
  EXPECT_TRUE(bench.chain.fits());
  EXPECT_EQ(bench.chain.values(), Assignment(kVariables, 0));
}

TEST(Chain, PricesRiseWhereUsageExceedsCapacityAndFallWhereThereIsSlack) {
  Model model;
  model.value_offsets = {0, 2};
  model.unary = {0, 0};
  model.segment_offsets = {0, 2};
  model.segments = {{0, 1, 0}, {1, 2, 2}};
  model.segment_usage = {0, 20, 0, 5};
  model.capacity = {10, 10};
  Bench bench(model);
  bench.chain.start(Assignment{1}, std::vector<float>{1.0F, 1.0F});
  bench.chain.follow_prices(PriceRule{});
  EXPECT_GT(bench.chain.prices()[0], 1.0F);
  EXPECT_LT(bench.chain.prices()[1], 1.0F);
}

/// Two variables that never fit together: prices rise for ever, or would.
Model hopeless() {
  Model model;
  model.value_offsets = {0, 2, 4};
  model.unary = {3, 0, 0, 4};
  model.table_offsets = {0, 4};
  model.entries = {1, 0, 5, 2};
  model.edges = {{0, 1, 0}};
  model.segment_offsets = {0, 1, 2};
  model.segments = {{0, 1, 0}, {0, 1, 2}};
  model.segment_usage = {7, 9, 8, 6};
  model.capacity = {1};
  return model;
}

TEST(Chain, PricesHaveACeilingAndMovesEndThere) {
  Bench bench(hopeless());
  bench.chain.start(Assignment{0, 1}, std::vector<float>{1.0F});
  for (int epoch = 0; epoch < 2000; ++epoch) {
    bench.chain.run(1.0F, 10);
    bench.chain.follow_prices(PriceRule{});
  }
  EXPECT_EQ(bench.chain.prices()[0], bench.flat.price_ceiling);
  EXPECT_EQ(bench.chain.values(), (Assignment{0, 1}));
  EXPECT_EQ(bench.chain.excess(), 12);
}

TEST(Chain, TakesPricesAsFarAsTheyAreNumbersBelowTheCeiling) {
  Bench bench(hopeless());
  for (const float price : {NAN, INFINITY, -INFINITY, -1.0F, 1e30F, 0.5F}) {
    bench.chain.start(Assignment{0, 1}, std::vector<float>{price});
    const float taken = bench.chain.prices()[0];
    EXPECT_GE(taken, 0) << price;
    EXPECT_LE(taken, bench.flat.price_ceiling) << price;
    if (price == 0.5F) {
      EXPECT_EQ(taken, price);
    }
    bench.chain.run(1.0F, 100);
  }
}

TEST(Chain, MovesEndWhateverTheTemperature) {
  Bench bench(hopeless());
  bench.chain.start(Assignment{0, 1}, std::vector<float>{1.0F});
  for (const float temperature : {1e25F, 1e36F, INFINITY, NAN}) {
    bench.chain.run(temperature, 100);
    const Assignment values = bench.chain.values();
    for (std::int32_t v = 0; v < 2; ++v) EXPECT_LT(values[v], bench.model.domain(v));
  }
}

/// A state's cost is the evaluator's: what entries exceed kForbiddenEntry by counts.
TEST(Chain, AccountsForWhatForbiddenEntriesExceed) {
  Model model;
  model.value_offsets = {0, 2, 4};
  model.unary = {kForbiddenEntry + 5, 1, 2, 7};
  model.table_offsets = {0, 4};
  model.entries = {kForbiddenEntry + 11, 3, 0, kForbiddenEntry};
  model.edges = {{0, 1, 0}};
  model.segment_offsets = {0, 0, 0};
  Bench bench(model);
  for (const Assignment& values : {Assignment{0, 0}, Assignment{0, 1}, Assignment{1, 1}}) {
    bench.chain.start(values, {});
    const Cost cost = cost_of(model, values);
    EXPECT_EQ(bench.chain.account().forbidden, cost.forbidden);
    EXPECT_EQ(bench.chain.account().finite, static_cast<std::int64_t>(cost.finite));
  }
  bench.chain.start(Assignment{0, 0}, {});
  bench.chain.run(0.0F, 20);
  const Cost cost = cost_of(model, bench.chain.values());
  EXPECT_EQ(bench.chain.account().forbidden, cost.forbidden);
  EXPECT_EQ(bench.chain.account().finite, static_cast<std::int64_t>(cost.finite));
}

/// Marks are cleared when there are no stamps left; moves do not notice.
TEST(Chain, GoesOnWhenStampsRunOut) {
  const Model model = random_model(large_shape(), 8);
  const Assignment start = random_assignment(model, 9);
  const std::vector<float> prices(model.capacity.size(), 0.1F);
  Bench one(model);
  Bench two(model);
  std::uint32_t& taken = *two.chain.view(0).scratch.rooms.stamps_taken;
  taken = 0xFFFFFFFFU - 100;
  for (Bench* bench : {&one, &two}) {
    bench->chain.start(start, prices);
    bench->chain.run(30.0F, 5000);
    bench->chain.absorb(start);
  }
  EXPECT_LT(taken, 1U << 24);
  EXPECT_EQ(one.chain.values(), two.chain.values());
}

TEST(Chain, RefusesTreesThatThereIsNoRoomFor) {
  Bench bench(hopeless());
  bench.chain.start(Assignment{0, 1}, std::vector<float>{1.0F});
  bench.chain.policy().most_log2_tree = TreeRoom::kMaxLog2Tree + 1;
  EXPECT_THROW(bench.chain.run(1.0F, 10), std::invalid_argument);
  bench.chain.policy().most_log2_tree = 2;
  bench.chain.policy().least_log2_tree = 3;
  EXPECT_THROW(bench.chain.run(1.0F, 10), std::invalid_argument);
}

}  // namespace
}  // namespace warpshard
