#include "host/search/tabu.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>

#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

/// A model, flattened, with a chain and a tabu search on it.
struct Bench {
  explicit Bench(const Model& exact, const TabuRule& rule = {})
      : model(exact),
        flat(model),
        noise(flat.max_stride),
        chain(flat.view(), noise, 7, 0),
        tabu(chain, rule, 7, 1) {}
  Model model;
  FlatModel flat;
  NoiseTable noise;
  Chain chain;
  Tabu tabu;
};

std::vector<std::int64_t> excess_of(const Model& model, const Assignment& values) {
  auto usage = usage_of(model, values);
  for (std::size_t t = 0; t < usage.size(); ++t)
    usage[t] = std::max<std::int64_t>(0, usage[t] - model.capacity[t]);
  return usage;
}

void expect_exact(Bench& bench) {
  const Cost cost = cost_of(bench.model, bench.chain.values());
  EXPECT_EQ(cost.forbidden, bench.chain.account().forbidden);
  EXPECT_EQ(static_cast<std::int64_t>(cost.finite), bench.chain.account().finite);
  EXPECT_EQ(fits(bench.model, bench.chain.values()), bench.chain.fits());
}

class TabuOnRandomModels : public ::testing::TestWithParam<int> {};

TEST_P(TabuOnRandomModels, AccountsExactlyAndNeverAddsToViolations) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  TabuRule rule;
  rule.window = seed % 2 == 0 ? 64 : 1024;  // a part of the variables, or all
  Bench bench(random_model(seed % 3 == 0 ? large_shape() : RandomModelShape{}, seed), rule);
  const Model& model = bench.model;
  const Assignment start = random_assignment(model, seed + 1);
  bench.chain.start(start, std::vector<float>(model.capacity.size(), 0.3F));
  bench.tabu.start();
  auto excess = excess_of(model, start);
  for (int epoch = 0; epoch < 10; ++epoch) {
    bench.tabu.run(3000);
    expect_exact(bench);
    const auto excess_now = excess_of(model, bench.chain.values());
    for (std::size_t t = 0; t < excess.size(); ++t) EXPECT_LE(excess_now[t], excess[t]);
    excess = excess_now;
    bench.chain.follow_prices(PriceRule{});
    bench.tabu.look_again();
  }
  EXPECT_GT(bench.tabu.status().step, 1000U);
}

TEST_P(TabuOnRandomModels, SettlesInTheBestStateWithinTheLimit) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  Bench bench(random_model(large_shape(), seed));
  const Model& model = bench.model;
  const Assignment start = free_assignment(model);
  bench.chain.start(start, std::vector<float>(model.capacity.size(), 0.3F));
  bench.tabu.start();
  CostAccount cheapest = bench.chain.account();
  for (int stretch = 0; stretch < 30; ++stretch) {
    bench.tabu.run(300);
    if (bench.chain.account() < cheapest) cheapest = bench.chain.account();
  }
  bench.tabu.settle();
  expect_exact(bench);
  EXPECT_TRUE(bench.chain.fits());
  ASSERT_EQ(bench.tabu.status().found, 1);
  EXPECT_EQ(bench.tabu.status().best.finite, bench.chain.account().finite);
  EXPECT_EQ(bench.tabu.status().best.forbidden, bench.chain.account().forbidden);
  EXPECT_FALSE(cheapest < bench.chain.account());
}

INSTANTIATE_TEST_SUITE_P(Seeds, TabuOnRandomModels, ::testing::Range(0, 40));

TEST(Tabu, SameSeedSameAnswer) {
  const Model model = random_model(large_shape(), 5);
  const Assignment start = random_assignment(model, 6);
  Bench one(model);
  Bench two(model);
  for (Bench* bench : {&one, &two}) {
    bench->chain.start(start, std::vector<float>(model.capacity.size(), 0.1F));
    bench->tabu.start();
    bench->tabu.run(20000);
  }
  EXPECT_EQ(one.chain.values(), two.chain.values());
  EXPECT_NE(one.chain.values(), start);
}

/// Both variables pay for leaving their values alone, together they gain: the way leads over a
/// dearer state, which a descent would not take and a search without tabu values would leave at
/// once.
TEST(Tabu, ClimbsOverABarrier) {
  Model model;
  model.value_offsets = {0, 2, 4};
  model.unary = {5, 0, 5, 0};
  model.table_offsets = {0, 4};
  model.entries = {0, 20, 20, 0};
  model.edges = {{0, 1, 0}};
  model.segment_offsets = {0, 0, 0};
  Bench bench(model);
  bench.chain.start(Assignment{0, 0}, {});
  bench.tabu.start();
  bench.tabu.run(100);
  bench.tabu.settle();
  EXPECT_EQ(bench.chain.values(), (Assignment{1, 1}));
  EXPECT_EQ(bench.tabu.status().best.finite, 0);
}

/// A start above the limit is not a best state, and nothing is kept until one is within it.
TEST(Tabu, KeepsNoStateAboveTheLimit) {
  Model model;
  model.value_offsets = {0, 2};
  model.unary = {9, 0};
  model.segment_offsets = {0, 1};
  model.segments = {{0, 1, 0}};
  model.segment_usage = {0, 20};
  model.capacity = {15};
  Bench bench(model);
  bench.chain.start(Assignment{1}, std::vector<float>{0.0F});
  bench.tabu.start();
  EXPECT_EQ(bench.tabu.status().found, 0);
  bench.tabu.run(10);
  bench.tabu.settle();
  EXPECT_EQ(bench.tabu.status().found, 1);
  EXPECT_EQ(bench.chain.values(), Assignment{0});
}

TEST(Tabu, CopesWithoutVariables) {
  Bench bench{Model{}};
  bench.chain.start(Assignment{}, {});
  bench.tabu.start();
  bench.tabu.run(100);
  bench.tabu.settle();
  EXPECT_EQ(bench.tabu.status().found, 1);
}

}  // namespace
}  // namespace warpshard
