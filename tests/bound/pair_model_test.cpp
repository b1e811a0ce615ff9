#include "host/bound/pair_model.h"

#include <gtest/gtest.h>

#include "host/bound/prover.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

/// Calls visit(assignment, its cost) for all assignments that fit.
template <typename Visit>
void for_each_fitting(const Model& model, const Visit& visit) {
  Assignment values(static_cast<std::size_t>(model.num_variables()), 0);
  for (;;) {
    if (fits(model, values)) visit(values, cost_of(model, values));
    std::int32_t v = 0;
    while (v < model.num_variables() && ++values[v] == model.domain(v)) values[v++] = 0;
    if (v == model.num_variables()) return;
  }
}

Model crowded(std::uint64_t seed) {
  RandomModelShape shape;
  shape.forbidden_probability = 0.5;
  shape.edges_per_variable = 2;
  shape.negative_costs = false;
  Model model = random_model(shape, seed);
  model.constant =
      Cost{static_cast<std::int64_t>(seed % 3), 1000 * static_cast<Int128>(seed) - 7000};
  return model;
}

TEST(PairModel, KeepsTheOrderOfCosts) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Model model = crowded(seed);
    const auto pairs = pair_model(model);
    ASSERT_TRUE(pairs);
    for_each_fitting(model, [&](const Assignment& values, const Cost& cost) {
      const Cost encoded = cost_of(pairs->model, values);
      EXPECT_EQ(encoded.forbidden, 0);
      EXPECT_EQ(encoded.finite, pairs->encode(cost));
      EXPECT_EQ(pairs->decode(encoded.finite), cost);
    });
  }
}

/// Proved by the same prover as plain costs, at the optimum that trying all finds.
TEST(PairModel, IsProvedAtTheLeastPair) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Model model = crowded(seed);
    const auto pairs = pair_model(model);
    ASSERT_TRUE(pairs);
    std::optional<Cost> least;
    for_each_fitting(model, [&](const Assignment& /*values*/, const Cost& cost) {
      if (!least || cost < *least) least = cost;
    });
    ASSERT_TRUE(least);
    const FlatModel flat(pairs->model);
    Prover prover(pairs->model, flat, ProverOptions{});
    std::optional<Cost> found;
    prover.run(StopToken{},
               [&](const Assignment& /*values*/, Int128 cost) { found = pairs->decode(cost); });
    EXPECT_TRUE(prover.closed()) << seed;
    EXPECT_EQ(found, least) << seed;
  }
}

TEST(PairModel, RefusesWhatDoesNotFit) {
  Model model = crowded(1);
  model.unary[0] = std::int64_t{1} << 61;
  EXPECT_FALSE(pair_model(model));
  model.unary[0] = -1;
  EXPECT_FALSE(pair_model(model));
}

}  // namespace
}  // namespace warpshard
