#include "host/bound/price_program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "host/bound/passes.h"
#include "host/bound/step_rule.h"
#include "host/bound/sweeps.h"
#include "host/bound/usage_curvature.h"
#include "host/model/flat_model.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// A model without edges, for which the curvature leaves nothing out, with random prices.
struct Priced {
  explicit Priced(std::uint64_t seed, std::int32_t num_variables = 8) {
    RandomModelShape shape;
    shape.num_variables = num_variables;
    shape.min_domain = 2;
    shape.num_times = 6;
    shape.max_segments = 3;
    shape.edges_per_variable = 0;
    shape.forbidden_probability = 0;
    model = random_model(shape, seed);
    flat = std::make_unique<FlatModel>(model);
    sweeps = std::make_unique<Sweeps>(*flat, SweepOrder::kInput);
    passes = std::make_unique<HostPasses>(*flat, *sweeps);
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    for (std::size_t t = 0; t < flat->capacity.size(); ++t)
      prices.push_back(std::uniform_real_distribution<double>(0, 1)(random));
  }

  void price(std::span<const double> at) {
    std::vector<double> prefix(at.size() + 1, 0);
    std::partial_sum(at.begin(), at.end(), prefix.begin() + 1);
    passes->price(prefix);
    passes->forward_backward(0, {});
  }

  std::vector<double> expected_usage(std::span<const double> at, float temperature) {
    price(at);
    std::vector<double> usage(at.size());
    passes->expect_usage(temperature, usage);
    return usage;
  }

  Model model;
  std::unique_ptr<FlatModel> flat;
  std::unique_ptr<Sweeps> sweeps;
  std::unique_ptr<HostPasses> passes;
  std::vector<double> prices;  ///< [times]
};

Matrix written_out(const UsageCurvature& curvature) {
  const auto times = static_cast<std::size_t>(curvature.num_times());
  Matrix h(times, std::vector<double>(times, 0));
  for (std::size_t k = 0; k < curvature.pairs().size(); ++k) {
    const auto& pair = curvature.pairs()[k];
    const auto& first = curvature.spans()[pair.first];
    const auto& second = curvature.spans()[pair.second];
    for (std::int32_t t = first.begin; t < first.end; ++t) {
      for (std::int32_t s = second.begin; s < second.end; ++s) {
        h[t][s] += curvature.covariances()[k];
        if (pair.first != pair.second) h[s][t] += curvature.covariances()[k];
      }
    }
  }
  return h;
}

TEST(UsageCurvature, IsHowExpectedUsageGivesWay) {
  constexpr float kTemperature = 200;  // warm: no value is left out
  constexpr double kChange = 0.5;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Priced priced(seed);
    UsageCurvature curvature(*priced.flat, *priced.sweeps);
    priced.price(priced.prices);
    curvature.collect(priced.passes->rows(), kTemperature);
    const Matrix h = written_out(curvature);
    for (std::size_t t = 0; t < priced.prices.size(); ++t) {
      auto dearer = priced.prices;
      auto cheaper = priced.prices;
      dearer[t] += kChange;
      cheaper[t] -= kChange;
      const auto less = priced.expected_usage(dearer, kTemperature);
      const auto more = priced.expected_usage(cheaper, kTemperature);
      for (std::size_t s = 0; s < less.size(); ++s)
        EXPECT_NEAR((more[s] - less[s]) / (2 * kChange), h[s][t], 0.01 * h[s][s] + 0.01)
            << s << ", " << t;
    }
  }
}

/// A program at some of a random model's times, H + ridge as the program's documentation has it,
/// and a gradient.
struct Example {
  explicit Example(std::uint64_t seed)
      : priced(seed, 30), curvature(*priced.flat, *priced.sweeps), program(curvature) {
    priced.price(priced.prices);
    curvature.collect(priced.passes->rows(), 50);
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    for (std::int32_t t = 0; t < curvature.num_times(); ++t)
      if (random() % 3 > 0) times.push_back(t);
    program.open(times);
    const Matrix h = written_out(curvature);
    double trace = 0;
    for (const std::int32_t t : times) trace += h[t][t];
    for (const std::int32_t t : times) {
      matrix.emplace_back();
      for (const std::int32_t s : times)
        matrix.back().push_back(h[t][s] + (s == t ? ridge(trace) : 0));
      gradient.push_back(std::uniform_real_distribution<double>(-5, 20)(random));
      floor.push_back(random() % 2 == 0 ? 0
                                        : -std::uniform_real_distribution<double>(0, 1)(random));
    }
  }

  double ridge(double trace) const {
    return trace > 0 ? 0.01 * trace / static_cast<double>(times.size()) : 1;
  }

  double gain(std::span<const double> move) const {
    double value = 0;
    for (std::size_t t = 0; t < move.size(); ++t) {
      value += gradient[t] * move[t];
      for (std::size_t s = 0; s < move.size(); ++s) value -= move[t] * matrix[t][s] * move[s] / 2;
    }
    return value;
  }

  Priced priced;
  UsageCurvature curvature;
  PriceProgram program;
  std::vector<std::int32_t> times;
  Matrix matrix;
  std::vector<double> gradient;
  std::vector<double> floor;
};

TEST(PriceProgram, FindsWhereTheModelIsHighest) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Example example(seed);
    std::vector<double> move;
    const double gain = example.program.solve(example.gradient, 1e-12, move);
    ASSERT_EQ(move.size(), example.times.size());
    double squared = 0;
    for (std::size_t t = 0; t < move.size(); ++t) {
      double given_way = 0;
      for (std::size_t s = 0; s < move.size(); ++s) given_way += example.matrix[t][s] * move[s];
      EXPECT_NEAR(given_way, example.gradient[t], 1e-3);
      squared += example.gradient[t] * move[t];
    }
    EXPECT_NEAR(gain, squared, 1e-4 * squared);
  }
}

/// The highest value of the model above the floor: the best of all faces.
double best_above(const Example& example) {
  const std::size_t n = example.times.size();
  double best = -INFINITY;
  for (std::uint32_t held = 0; held < 1U << n; ++held) {
    std::vector<double> move(n, 0);
    for (std::size_t t = 0; t < n; ++t) move[t] = (held >> t & 1U) != 0 ? example.floor[t] : 0;
    for (int sweep = 0; sweep < 2000; ++sweep) {  // Gauss and Seidel's
      for (std::size_t t = 0; t < n; ++t) {
        if ((held >> t & 1U) != 0) continue;
        double slope = example.gradient[t];
        for (std::size_t s = 0; s < n; ++s) slope -= s == t ? 0 : example.matrix[t][s] * move[s];
        move[t] = slope / example.matrix[t][t];
      }
    }
    bool allowed = true;
    for (std::size_t t = 0; t < n; ++t) allowed = allowed && move[t] >= example.floor[t] - 1e-9;
    if (allowed) best = std::max(best, example.gain(move));
  }
  return best;
}

TEST(PriceProgram, StaysAboveTheFloorAndNearTheBestThere) {
  double reached = 0;
  double best = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Example example(seed);
    std::vector<double> move;
    example.program.solve(example.gradient, 1e-12, move);
    example.program.solve_above(example.floor, example.gradient, 1e-12, move);
    for (std::size_t t = 0; t < move.size(); ++t) EXPECT_GE(move[t], example.floor[t]);
    const double most = best_above(example);
    EXPECT_LE(example.gain(move), most + 1e-6 * std::abs(most) + 1e-9);
    reached += example.gain(move);
    best += most;
  }
  EXPECT_GT(reached, 0.98 * best);
}

TEST(StepRule, BentStepsRaiseThePriceOfWhatIsOverusedAndNeverBelowZero) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Priced priced(seed, 30);
    UsageCurvature curvature(*priced.flat, *priced.sweeps);
    PriceProgram program(curvature);
    priced.price(priced.prices);
    curvature.collect(priced.passes->rows(), 50);
    StepRule rule(curvature.num_times(), /*scale=*/1000, /*first_level=*/0.5, /*most_price=*/1.5);
    std::vector<double> gradient(priced.prices.size(), -50);
    gradient[0] = 50;
    auto prices = priced.prices;
    for (int round = 0; round < 20; ++round) {
      rule.observe(round, INFINITY);
      rule.step(prices, gradient, program);
      for (const double price : prices) {
        EXPECT_GE(price, 0);
        EXPECT_LE(price, 1.5);
      }
    }
    EXPECT_EQ(prices[0], 1.5);
    for (std::size_t t = 1; t < prices.size(); ++t) EXPECT_EQ(prices[t], 0) << t;
  }
}

}  // namespace
}  // namespace warpshard
