#include "host/search/throughput.h"

#include <gtest/gtest.h>

#include "tests/support/random_model.h"

namespace warpshard {
namespace {

RandomModelShape connected() {
  RandomModelShape shape;
  shape.num_variables = 60;
  shape.min_domain = 2;
  shape.num_times = 50;
  return shape;
}

TEST(Throughput, CountsTheMovesOfEachKind) {
  const FlatModel flat(random_model(connected(), 3));
  const ThroughputBench bench(flat, /*seed=*/1, /*seconds=*/0.01);
  ASSERT_TRUE(bench.has_moves());
  EXPECT_GT(bench.temperature(), 0);
  for (const MoveKind& kind : move_kinds()) {
    const Throughput result = bench.on_cpu(kind, /*threads=*/2, /*seconds=*/0.005);
    EXPECT_EQ(result.move, kind.name);
    EXPECT_EQ(result.device, "cpu x2");
    EXPECT_GT(result.visits_per_second(), 0);
    EXPECT_GE(result.deltas_per_second(), result.visits_per_second());  // all have a choice
    EXPECT_GT(result.bytes, 0);
    EXPECT_GT(result.seconds, 0);
    const bool flips_only = kind.most_log2_tree == 0;
    EXPECT_EQ(result.counters.blocks == 0, flips_only);
    EXPECT_EQ(result.counters.flip_visits > 0, kind.least_log2_tree == 0);
  }
}

TEST(Throughput, HasNothingToMeasureWithoutEdges) {
  Model model;
  model.value_offsets = {0, 2};
  model.unary = {1, 0};
  model.segment_offsets = {0, 0};
  const FlatModel flat(model);
  EXPECT_FALSE(ThroughputBench(flat, 1, 0.01).has_moves());
}

/// Two variables of two values, no memory: rows of 8 floats, one arc each.
TEST(Throughput, EstimatesBytesFromCounts) {
  Model model;
  model.value_offsets = {0, 2, 4};
  model.unary = {0, 0, 0, 0};
  model.table_offsets = {0, 4};
  model.entries = {0, 1, 1, 0};
  model.edges = {{0, 1, 0}};
  model.segment_offsets = {0, 0, 0};
  const FlatModel flat(model);
  MoveCounters counters;
  counters.flip_visits = 1;
  // Offsets 20, arc and value 18, rows of priced costs, noise, table, scores twice: 5 * 32.
  EXPECT_EQ(bytes_moved(flat.view(), counters), 20 + 18 + 5 * 32);
  counters.changes = 1;  // arc, value and two exact entries
  EXPECT_EQ(bytes_moved(flat.view(), counters), 20 + 18 + 5 * 32 + 18 + 16);
}

}  // namespace
}  // namespace warpshard
