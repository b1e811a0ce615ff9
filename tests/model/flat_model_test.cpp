#include "host/model/flat_model.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace warpshard {
namespace {

/// So many variables of two values, the second of which takes `usage` at the only time point.
Model crowd(std::int32_t variables, std::int64_t usage, std::int64_t capacity) {
  Model model;
  for (std::int32_t v = 0; v < variables; ++v) {
    model.value_offsets.push_back(2 * (v + 1));
    model.unary.insert(model.unary.end(), {1, 0});
    model.segments.push_back({0, 1, std::int64_t{2} * v});
    model.segment_usage.insert(model.segment_usage.end(), {0, usage});
    model.segment_offsets.push_back(v + 1);
  }
  model.capacity = {capacity};
  return model;
}

std::int64_t greatest_sum(const FlatModel& flat) {
  std::int64_t sum = 0;
  for (const UsageSegment& segment : flat.segments) sum += flat.usage[segment.row + 1];
  return sum;
}

TEST(FlatModel, KeepsMemoryExactWhereItFits) {
  const FlatModel flat(crowd(100, 999, 1000));
  EXPECT_EQ(flat.usage_quantum, 1);
  EXPECT_EQ(flat.capacity.front(), 1000);
  EXPECT_EQ(greatest_sum(flat), 100 * 999);
}

/// Each variable fits on its own; all together are far beyond 32 bits in units of the capacity.
TEST(FlatModel, SumsOfUsageFitHowManyVariablesThereMayBe) {
  for (const std::int32_t variables : {5, 9, 100, 3000}) {
    for (const std::int64_t capacity :
         {std::int64_t{1} << 28, (std::int64_t{1} << 28) + 1, std::int64_t{1} << 45}) {
      SCOPED_TRACE(std::to_string(variables) + " variables, capacity " + std::to_string(capacity));
      const std::int64_t usage = capacity - 3;
      const FlatModel flat(crowd(variables, usage, capacity));
      EXPECT_LE(greatest_sum(flat) + flat.capacity.front(),
                std::numeric_limits<std::int32_t>::max());
      // Rounded so that what fits in quanta fits, and by no more than a quantum.
      const std::int64_t rounded = flat.usage[flat.segments.front().row + 1] * flat.usage_quantum;
      EXPECT_GE(rounded, usage);
      EXPECT_LT(rounded, usage + flat.usage_quantum);
      const std::int64_t kept = flat.capacity.front() * flat.usage_quantum;
      EXPECT_LE(kept, capacity);
      EXPECT_GT(kept, capacity - flat.usage_quantum);
    }
  }
}

/// What exceeds every capacity by far must not coarsen what counts.
TEST(FlatModel, AValueBeyondAllCapacitiesFitsNowhere) {
  const FlatModel flat(crowd(2, std::int64_t{1} << 60, 1000));
  EXPECT_EQ(flat.usage_quantum, 1);
  EXPECT_GT(flat.usage[flat.segments.front().row + 1], flat.capacity.front());
}

/// Two variables of 65,536 values each: 2^32 entries, both ways twice as many.
TEST(FlatModel, RefusesTablesThatKernelsCannotIndex) {
  constexpr std::int64_t kValues = std::int64_t{1} << 16;
  Model model;
  model.value_offsets = {0, kValues, 2 * kValues};
  model.unary.resize(2 * kValues, 0);
  model.segment_offsets = {0, 0, 0};
  model.edges = {{0, 1, 0}};
  model.table_offsets = {0, kValues * kValues};  // nobody gets as far as the entries
  EXPECT_THROW(FlatModel{model}, std::length_error);
}

}  // namespace
}  // namespace warpshard
