#include "host/bound/dual_ascent.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/bound/brute_force.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

/// Calls check(model, flat, truth, seed) for each random model below `seeds` that has a plan.
/// Returns how many there are.
template <typename Check>
int for_each_feasible(std::uint64_t seeds, Check check) {
  int solved = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const Model model = random_model(varied_shape(seed, 20), seed);
    const BruteForce truth = try_all(model);
    if (!truth.best) continue;
    ++solved;
    const FlatModel flat(model);
    SCOPED_TRACE("seed " + std::to_string(seed));
    check(model, flat, truth, seed);
  }
  return solved;
}

/// Every plan with value d of variable v costs more than the threshold.
bool all_above(const Model& model, const BruteForce& truth, std::int32_t v, std::int32_t d,
               Int128 threshold) {
  const auto& best = truth.best_with[model.value_offsets[v] + d];
  return !best || *best > threshold;
}

TEST(DualAscent, NeverExceedsTheOptimum) {
  const int solved = for_each_feasible(2000, [](const Model& model, const FlatModel& flat,
                                                const BruteForce& truth, std::uint64_t /*seed*/) {
    for (const SweepOrder order :
         {SweepOrder::kInput, SweepOrder::kBreadthFirst, SweepOrder::kColour}) {
      DualOptions options;
      options.order = order;
      for (const std::int64_t straight : {0, 10, 30}) {
        options.straight_rounds = straight;
        DualAscent ascent(model, flat, options);
        ascent.run_rounds(30);
        EXPECT_LE(ascent.bound(), static_cast<double>(*truth.best) + 0.01);
      }
    }
  });
  EXPECT_GT(solved, 500);
}

/// Two times that share no variable: large tensors in one, small ones that save as much in the
/// other.
Model large_and_small(std::uint64_t seed) {
  std::mt19937 random(static_cast<std::uint32_t>(seed));
  const auto below = [&](int most) { return static_cast<std::int64_t>(random() % most); };
  Model model;
  model.capacity.assign(2, 0);
  for (int v = 0; v < 200; ++v) {
    const std::int32_t t = v % 2;
    const std::int64_t size = 1 + below(100);
    const std::int64_t bytes = t == 0 ? 1000 * size : size;
    model.segments.push_back({t, t + 1, static_cast<std::int64_t>(model.segment_usage.size())});
    model.segment_offsets.push_back(static_cast<std::int32_t>(model.segments.size()));
    model.segment_usage.insert(model.segment_usage.end(), {0, bytes, 3 * bytes});
    model.unary.insert(model.unary.end(), {size * (400 + below(600)), size * below(400), 0});
    model.value_offsets.push_back(static_cast<std::int32_t>(model.unary.size()));
    model.capacity[t] += bytes;
  }
  return model;
}

TEST(DualAscent, BentStepsPriceLargeAndSmallAlike) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Model model = large_and_small(seed);
    const FlatModel flat(model);
    DualAscent straight(model, flat, {});
    straight.run_rounds(1000);
    DualOptions options;
    options.straight_rounds = 20;
    DualAscent bent(model, flat, options);
    bent.run_rounds(100);
    EXPECT_GT(bent.bound(), straight.bound());
  }
}

TEST(DualAscent, SmoothBoundsHoldExactly) {
  double gain = 0;
  const int solved = for_each_feasible(2000, [&](const Model& model, const FlatModel& flat,
                                                 const BruteForce& truth, std::uint64_t /*seed*/) {
    DualAscent plain(model, flat, {});
    plain.run_rounds(400);
    DualOptions options;
    options.smooth = true;  // after 200 rounds
    DualAscent smooth(model, flat, options);
    smooth.run_rounds(300);
    smooth.certificate();  // settles in between
    smooth.run_rounds(100);
    EXPECT_LE(smooth.bound(), static_cast<double>(*truth.best) + 0.01);
    const auto certified = certified_bound(model, smooth.certificate());
    ASSERT_TRUE(certified);
    EXPECT_FALSE(certified->none_allowed);
    EXPECT_LE(certified->bound, *truth.best);
    EXPECT_GE(static_cast<double>(certified->bound), smooth.bound() - 0.05);
    for (const auto& [v, d] : smooth.values_above(*truth.best))
      EXPECT_TRUE(all_above(model, truth, v, d, *truth.best)) << v << ", " << d;
    gain += smooth.bound() - plain.bound();
  });
  EXPECT_GT(solved, 500);
  EXPECT_GT(gain, 0);
}

TEST(DualAscent, ProbesPromiseNoMoreThanThereIsToGain) {
  int gained = 0;
  const int solved = for_each_feasible(500, [&](const Model& model, const FlatModel& flat,
                                                const BruteForce& truth, std::uint64_t /*seed*/) {
    DualAscent ascent(model, flat, {});
    ascent.run_rounds(40);
    std::vector<Part> parts;
    for (std::int32_t v = 0; v < model.num_variables(); ++v) {
      parts.push_back({v, {}});
      for (std::int32_t d = 0; d < model.domain(v); ++d) parts.back().values.push_back(d);
      for (std::int32_t d = 0; d < model.domain(v); ++d) parts.push_back({v, {d}});
    }
    const auto gains = ascent.probe(parts, 3);
    ASSERT_EQ(gains.size(), parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& [v, values] = parts[i];
      if (std::ssize(values) == model.domain(v)) {
        EXPECT_EQ(gains[i], 0) << "nothing was taken away";
        continue;
      }
      const auto& best = truth.best_with[model.value_offsets[v] + values[0]];
      if (best) {
        EXPECT_LE(ascent.bound() + gains[i], static_cast<double>(*best) + 0.01);
      }
      gained += gains[i] > 0.01 ? 1 : 0;
    }
    EXPECT_EQ(ascent.probe(parts, 3), gains) << "a probe leaves no trace";
  });
  EXPECT_GT(solved, 100);
  EXPECT_GT(gained, 500);
}

TEST(DualAscent, ConditionalBoundsHoldForEveryValue) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Model model = random_model(varied_shape(seed, 20), seed);
    const FlatModel flat(model);
    const BruteForce truth = try_all(model);
    DualAscent ascent(model, flat, {});
    ascent.run_rounds(static_cast<std::int64_t>(seed % 40));
    const auto bounds = ascent.conditional_bounds();
    for (std::int32_t v = 0; v < model.num_variables(); ++v)
      for (std::int32_t d = 0; d < model.domain(v); ++d) {
        const auto& best = truth.best_with[model.value_offsets[v] + d];
        if (!best) continue;
        EXPECT_LE(bounds.base + bounds.above[flat.row_offsets[v] + d],
                  static_cast<double>(*best) + 0.01)
            << "seed " << seed << " variable " << v << " value " << d;
      }
  }
}

TEST(DualAscent, RemovesOnlyValuesWithoutGoodPlans) {
  std::size_t removed = 0;
  for_each_feasible(3000, [&](const Model& model, const FlatModel& flat, const BruteForce& truth,
                              std::uint64_t seed) {
    DualAscent ascent(model, flat, {});
    ascent.run_rounds(static_cast<std::int64_t>(seed % 60));
    const Int128 threshold = *truth.best + static_cast<Int128>(seed % 4);
    for (const auto& [v, d] : ascent.values_above(threshold)) {
      ++removed;
      EXPECT_TRUE(all_above(model, truth, v, d, threshold)) << v << ", " << d;
    }
  });
  EXPECT_GT(removed, 3000);
}

TEST(DualAscent, IsExactOnTreesWithoutMemory) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RandomModelShape shape;
    shape.num_variables = 6;
    shape.edges_per_variable = 0;
    shape.forbidden_probability = 0;
    shape.tightness = 1;
    Model model = random_model(shape, seed);
    for (std::int32_t v = 1; v < model.num_variables(); ++v) {
      const std::int32_t parent = static_cast<std::int32_t>(seed >> v) % v;
      model.edges.push_back({parent, v, static_cast<std::int32_t>(model.table_offsets.size()) - 1});
      for (std::int32_t k = 0; k < model.domain(parent) * model.domain(v); ++k)
        model.entries.push_back(static_cast<std::int64_t>((seed * 31 + k * 17 + v * 7) % 23));
      model.table_offsets.push_back(static_cast<std::int64_t>(model.entries.size()));
    }
    const FlatModel flat(model);
    DualAscent ascent(model, flat, {});
    ascent.run_rounds(100);
    EXPECT_NEAR(ascent.bound(), static_cast<double>(*try_all(model).best), 0.05) << seed;
    EXPECT_EQ(cost_of(model, ascent.decode(0, 1)).finite, *try_all(model).best) << seed;
  }
}

TEST(DualAscent, PricesRaiseTheBoundOfATightModel) {
  // One variable: cheap and big, or dear and small; half the big one fits. The best price makes
  // both equal: bound 10 * 5/10 = 5 instead of 0.
  Model model;
  model.value_offsets = {0, 2};
  model.unary = {0, 10};
  model.segments = {{0, 1, 0}};
  model.segment_offsets = {0, 1};
  model.segment_usage = {10, 0};
  model.capacity = {5};
  const FlatModel flat(model);
  DualAscent ascent(model, flat, {});
  ascent.run_rounds(500);
  EXPECT_NEAR(ascent.bound(), 5, 0.5);
  EXPECT_NEAR(ascent.prices()[0], 1, 0.1);
}

/// An ascent that is written to bytes and read back goes on as if nothing had happened, whatever
/// was read off it before.
TEST(DualAscent, IsReadBackWhereItWas) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Model model = random_model(varied_shape(seed), seed);
    const FlatModel flat(model);
    DualOptions options;
    options.smooth = seed % 2 == 0;
    DualAscent unbroken(model, flat, options);
    auto other = std::make_unique<DualAscent>(model, flat, options);
    for (int part = 0; part < 20; ++part) {
      for (DualAscent* ascent : {&unbroken, other.get()}) {
        ascent->run_rounds(17 + part);
        if (part % 3 == 0) ascent->certificate();
      }
      Archive writer;
      other->transfer(writer);
      Archive reader(writer.bytes());
      other = std::make_unique<DualAscent>(model, flat, options);
      other->transfer(reader);
      EXPECT_TRUE(reader.at_end());
      ASSERT_EQ(other->bound(), unbroken.bound()) << "seed " << seed << ", part " << part;
      ASSERT_EQ(other->decode(0, 1), unbroken.decode(0, 1)) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace warpshard
