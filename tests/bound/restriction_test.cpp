#include "host/bound/restriction.h"

#include <gtest/gtest.h>

#include "tests/bound/brute_force.h"
#include "tests/support/random_model.h"

namespace warpshard {
namespace {

TEST(Restriction, KeepsTheOptimumOfWhatIsLeft) {
  int solved = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    RandomModelShape shape;
    shape.tightness = 0.2 + 0.1 * static_cast<double>(seed % 7);
    const Model model = random_model(shape, seed);
    std::mt19937_64 random(seed);
    ValueSet removed(model.unary.size(), false);
    for (std::size_t i = 0; i < removed.size(); ++i) removed[i] = random() % 5 == 0;

    // The same by brute force: forbid the removed values.
    Model forbidden = model;
    for (std::size_t i = 0; i < removed.size(); ++i)
      if (removed[i]) forbidden.unary[i] = kForbiddenEntry;
    const auto truth = try_all(forbidden).best;

    const auto restriction = restrict_model(model, removed);
    if (!restriction) {
      EXPECT_FALSE(truth) << "seed " << seed;
      continue;
    }
    EXPECT_EQ(try_all(restriction->model).best, truth) << "seed " << seed;
    Assignment first(static_cast<std::size_t>(restriction->model.num_variables()), 0);
    EXPECT_EQ(cost_of(model, extend(*restriction, first)).finite,
              cost_of(restriction->model, first).finite +
                  Int128{0} * cost_of(restriction->model, first).forbidden)
        << "seed " << seed;
    solved += truth ? 1 : 0;
  }
  EXPECT_GT(solved, 300);
}

/// Values that go in two goes leave what they leave in one.
TEST(Restriction, GoesOnFromAnother) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    RandomModelShape shape;
    shape.tightness = 0.2 + 0.1 * static_cast<double>(seed % 7);
    const Model model = random_model(shape, seed);
    std::mt19937_64 random(seed);
    ValueSet removed(model.unary.size(), false);
    for (std::size_t i = 0; i < removed.size(); ++i) removed[i] = random() % 8 == 0;
    const auto half = restrict_model(model, removed);
    if (!half) continue;
    ValueSet more(half->model.unary.size(), false);
    for (std::int32_t v = 0; v < half->model.num_variables(); ++v) {
      for (std::int32_t d = 0; d < half->model.domain(v); ++d) {
        if (random() % 8 != 0) continue;
        const std::int32_t i = half->model.value_offsets[v] + d;
        more[i] = true;
        removed[model.value_offsets[half->variables[v]] + half->values[i]] = true;
      }
    }
    const auto both = restrict_further(*half, more);
    const auto once = restrict_model(model, removed);
    ASSERT_EQ(both.has_value(), once.has_value()) << "seed " << seed;
    if (!both) continue;
    ++compared;
    EXPECT_EQ(both->variables, once->variables) << "seed " << seed;
    EXPECT_EQ(both->values, once->values) << "seed " << seed;
    EXPECT_EQ(both->edges, once->edges) << "seed " << seed;
    EXPECT_EQ(both->times, once->times) << "seed " << seed;
    EXPECT_EQ(both->fixed, once->fixed) << "seed " << seed;
    EXPECT_EQ(both->model.unary, once->model.unary) << "seed " << seed;
    EXPECT_EQ(both->model.capacity, once->model.capacity) << "seed " << seed;
    EXPECT_EQ(both->model.segment_usage, once->model.segment_usage) << "seed " << seed;
    EXPECT_EQ(both->model.constant, once->model.constant) << "seed " << seed;
    EXPECT_EQ(try_all(both->model).best, try_all(once->model).best) << "seed " << seed;
  }
  EXPECT_GT(compared, 300);
}

/// Three edges over one table; the values left of 2 differ from those of the other variables.
TEST(Restriction, StoresEqualTablesOnce) {
  Model model;
  for (int v = 0; v < 4; ++v) {
    model.unary.insert(model.unary.end(), {0, 0, 0});
    model.value_offsets.push_back(static_cast<std::int32_t>(model.unary.size()));
    model.segment_offsets.push_back(0);
  }
  model.edges = {{0, 1, 0}, {0, 2, 0}, {0, 3, 0}};
  model.entries = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  model.table_offsets = {0, 9};
  ValueSet removed(model.unary.size(), false);
  removed[3 * 2 + 1] = true;
  const auto restriction = restrict_model(model, removed);
  ASSERT_TRUE(restriction);
  const Model& part = restriction->model;
  EXPECT_EQ(part.table_offsets, (std::vector<std::int64_t>{0, 9, 15}));
  EXPECT_EQ(part.edges[0].table, part.edges[2].table);
  const auto table = part.table_of(part.edges[1]);
  EXPECT_EQ(std::vector(table.begin(), table.end()), (std::vector<std::int64_t>{1, 3, 4, 6, 7, 9}));
}

}  // namespace
}  // namespace warpshard
