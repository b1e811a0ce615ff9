// The kernels on an emulated warp: every lane-strided loop, sync and reduction that a GPU runs,
// with the lanes in a random order in between.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "host/device/host_backend.h"
#include "host/device/host_runner.h"
#include "host/device/population_search.h"
#include "host/model/flat_model.h"
#include "host/search/noise_table.h"
#include "tests/cuda/emulated_runner.h"
#include "tests/kernels/emulated_warp_group.h"
#include "tests/support/random_model.h"

namespace warpshard::testing {
namespace {

using SerialSearch = PopulationSearch<HostBackend<HostRunner>>;
using WarpSearch = PopulationSearch<HostBackend<EmulatedRunner>>;

RandomModelShape shape_for(std::uint64_t seed) {
  RandomModelShape shape;
  shape.num_variables = seed % 2 == 0 ? 40 : 120;
  shape.max_domain = seed % 3 == 0 ? 70 : 9;  // rows longer and shorter than a warp
  // Up to more blocks of the memory profile than two for each lane.
  shape.num_times = seed % 5 == 0 ? 400 : seed % 5 == 1 ? 2500 : 20;
  shape.max_segments = 3;
  shape.tightness = 0.25;
  shape.edges_per_variable = seed % 7 == 0 ? 0.5 : 1.6;
  shape.hubs = seed % 4 == 1 ? 2 : 0;  // of more items than are added up together
  return shape;
}

PopulationPlan plan_for(const FlatModel& flat, std::int32_t chains, std::int32_t per_island) {
  PopulationPlan plan;
  plan.shape = shape_of(flat.view(), chains, per_island, /*tabu=*/true, /*rooms_per_chain=*/5);
  return plan;
}

template <typename Search>
std::unique_ptr<Search> make_search(const FlatModel& flat, const PopulationPlan& plan) {
  const NoiseTable noise(flat.max_stride);
  return std::make_unique<Search>(typename Search::Backend{}, flat, noise.values(), plan,
                                  /*seed=*/11);
}

/// All chains' true headroom, however it is divided between time points and blocks.
template <typename Storage>
std::vector<std::int32_t> true_headroom(const Storage& storage) {
  std::vector<std::int32_t> result = storage.headroom;
  for (std::size_t t = 0; t < result.size(); ++t)
    result[t] += storage.block_add[t / MemoryProfile::kBlock];
  return result;
}

/// Expects two searches to have come to the same, bit for bit.
template <typename One, typename Other>
void expect_same_states(const One& a, const Other& b) {
  ASSERT_EQ(a.values, b.values);
  ASSERT_EQ(a.accounted, b.accounted);
  ASSERT_EQ(true_headroom(a), true_headroom(b));
  ASSERT_EQ(a.block_least, b.block_least);
  ASSERT_EQ(a.floor, b.floor);
  ASSERT_EQ(a.rungs, b.rungs);
  ASSERT_EQ(a.ladder, b.ladder);
  ASSERT_EQ(a.priced_unary, b.priced_unary);
  ASSERT_EQ(a.elite_values, b.elite_values);
  ASSERT_EQ(a.promise, b.promise);
  ASSERT_EQ(a.free_from, b.free_from);
  ASSERT_EQ(a.tabu_best, b.tabu_best);
  for (std::size_t c = 0; c < a.status.size(); ++c) {
    ASSERT_EQ(a.status[c].account.finite, b.status[c].account.finite);
    ASSERT_EQ(a.status[c].account.forbidden, b.status[c].account.forbidden);
    ASSERT_EQ(a.status[c].counters.deltas, b.status[c].counters.deltas);
    ASSERT_EQ(a.status[c].counters.changes, b.status[c].counters.changes);
    ASSERT_EQ(a.status[c].counters.blocks_refused, b.status[c].counters.blocks_refused);
    ASSERT_EQ(a.measures[c].energy, b.measures[c].energy);
    ASSERT_EQ(a.measures[c].excess, b.measures[c].excess);
  }
}

class WarpOnRandomModels : public ::testing::TestWithParam<int> {
 protected:
  /// Runs the same chunks on both groups.
  static void compare(const PopulationPlan& plan, const Model& model, const FlatModel& flat) {
    const auto serial = make_search<SerialSearch>(flat, plan);
    const auto warp = make_search<WarpSearch>(flat, plan);
    const auto seed = static_cast<std::uint64_t>(GetParam());
    const std::vector<Assignment> starts = {random_assignment(model, seed),
                                            random_assignment(model, seed + 1)};
    const std::vector<float> prices(model.capacity.size(), 0.2F);
    ASSERT_FALSE(serial->start(starts, prices));
    ASSERT_FALSE(warp->start(starts, prices));
    ChunkOptions options;
    options.visits = 150;
    options.coldest = 5;
    options.hottest = 30;
    options.most_log2_tree = 5;
    for (int chunk = 0; chunk < 6; ++chunk) {
      options.least_log2_tree = chunk % 3 == 0 ? 2 : 0;
      options.tabu_share = chunk % 3 == 1 ? 0.5F : 0.0F;  // one island of two
      ASSERT_FALSE(serial->run_chunk(options));
      const DeviceStatus failure = warp->run_chunk(options);
      ASSERT_FALSE(failure) << failure->message;
      SCOPED_TRACE(chunk);
      ASSERT_NO_FATAL_FAILURE(expect_same_states(serial->storage(), warp->storage()));
    }
  }
};

TEST_P(WarpOnRandomModels, AgreesWithTheSerialGroupBitForBit) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const Model model = random_model(shape_for(seed), seed);
  const FlatModel flat(model);
  compare(plan_for(flat, 4, 2), model, flat);
}

/// A path of variables whose usage changes often.
Model restless_path() {
  constexpr std::int32_t kVariables = 300;
  constexpr std::int32_t kSegments = 20;
  Model model;
  model.capacity.assign(600, 100'000);
  model.entries.assign(9, 1);
  model.table_offsets.push_back(9);
  for (std::int32_t v = 0; v < kVariables; ++v) {
    model.unary.insert(model.unary.end(), {5, 3, 8});
    model.value_offsets.push_back(3 * (v + 1));
    for (std::int32_t s = 0; s < kSegments; ++s) {
      const std::int32_t begin = 30 * s + v % 13;
      model.segments.push_back({begin, begin + 1 + v % 17, std::ssize(model.segment_usage)});
      model.segment_usage.insert(model.segment_usage.end(), {0, 7 + v % 5, 13 + s});
    }
    model.segment_offsets.push_back(kSegments * (v + 1));
    if (v > 0) model.edges.push_back({v - 1, v, 0});
  }
  return model;
}

/// A large tree's changes of memory are more than are listed at a time.
TEST(Warp, AgreesWithTheSerialGroupOnManyChangesOfMemory) {
  const Model model = restless_path();
  const FlatModel flat(model);
  const PopulationPlan plan = plan_for(flat, 2, 2);
  const auto serial = make_search<SerialSearch>(flat, plan);
  const auto warp = make_search<WarpSearch>(flat, plan);
  ChunkOptions options;
  options.visits = 2000;
  options.coldest = options.hottest = 1000;
  options.least_log2_tree = options.most_log2_tree = 8;
  const std::vector<Assignment> starts = {Assignment(300, 0)};
  const std::vector<float> prices(model.capacity.size(), 0.0F);
  const auto run = [&](DeviceSearch& search) {
    ASSERT_FALSE(search.start(starts, prices));
    ASSERT_FALSE(search.run_chunk(options));
  };
  ASSERT_NO_FATAL_FAILURE(run(*serial));
  ASSERT_NO_FATAL_FAILURE(run(*warp));
  expect_same_states(serial->storage(), warp->storage());
  // So 100 variables of 20 segments each change with a tree.
  const MoveCounters done = *warp->counters();
  EXPECT_GT(done.changes, 100 * done.accepted);
}

INSTANTIATE_TEST_SUITE_P(Seeds, WarpOnRandomModels, ::testing::Range(0, 12));

TEST(EmulatedWarp, NoticesAMissingSync) {
  EmulatedBlock warp(3);
  bool noticed = false;
  for (int round = 0; round < 20 && !noticed; ++round) {
    std::int32_t shared = 0;
    std::int32_t sum = 0;
    ASSERT_EQ(warp.run([&] {
      if (EmulatedWarpGroup::rank() == 0) shared = 7;
      const std::int64_t seen = EmulatedWarpGroup::sum(shared);  // should sync first
      if (EmulatedWarpGroup::rank() == 0) sum = static_cast<std::int32_t>(seen);
    }),
              "");
    noticed = sum != 7 * EmulatedBlock::kLanes;
  }
  EXPECT_TRUE(noticed);
}

TEST(EmulatedWarp, NoticesLanesThatPart) {
  EmulatedBlock warp(4);
  const std::string failure = warp.run([] {
    if (EmulatedWarpGroup::rank() < 3) EmulatedWarpGroup::sync();
  });
  EXPECT_NE(failure.find("sync"), std::string::npos);
}

TEST(EmulatedWarp, CombinesLanes) {
  EmulatedBlock warp(5);
  ASSERT_EQ(warp.run([] {
    using Group = EmulatedWarpGroup;
    const std::int32_t rank = Group::rank();
    EXPECT_EQ(Group::sum(rank), 31 * 16);
    EXPECT_EQ(Group::reduce_min(std::int32_t{40} - rank), 9);
    EXPECT_EQ(Group::reduce_min(static_cast<float>(rank) - 2.5F), -2.5F);
    EXPECT_EQ(Group::reduce_sum(1.0F), 32.0F);
    const GroupPlace place = Group::place(rank % 3 == 0);
    EXPECT_EQ(place.total, 11);
    EXPECT_EQ(place.before, (rank + 2) / 3);
  }),
            "");
}

TEST(EmulatedWarp, ArgMinPassesOverWhatIsNoNumber) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  EmulatedBlock warp(7);
  const auto expect = [&](const std::vector<float>& scores, std::int32_t at) {
    const auto stride = static_cast<std::int32_t>(scores.size());
    EXPECT_EQ(SerialGroup::arg_min(scores.data(), stride), at);
    ASSERT_EQ(warp.run([&] { EXPECT_EQ(EmulatedWarpGroup::arg_min(scores.data(), stride), at); }),
              "");
  };
  for (const std::size_t stride : {8U, 40U}) {
    std::vector<float> scores(stride, kNan);
    expect(scores, 0);
    scores[3] = kInf;
    expect(scores, 0);
    scores[5] = 2.0F;
    expect(scores, 5);
    scores[stride - 1] = -kInf;
    expect(scores, static_cast<std::int32_t>(stride) - 1);
  }
}

TEST(EmulatedWarp, ArgMinTakesTheFirstOfEquals) {
  EmulatedBlock warp(6);
  for (const std::int32_t stride : {8, 32, 40, 72}) {
    std::vector<float> scores(static_cast<std::size_t>(stride), 4.0F);
    for (const std::int32_t at : {3, 5, stride - 1}) scores[static_cast<std::size_t>(at)] = 1.0F;
    EXPECT_EQ(SerialGroup::arg_min(scores.data(), stride), 3);
    ASSERT_EQ(warp.run([&] { EXPECT_EQ(EmulatedWarpGroup::arg_min(scores.data(), stride), 3); }),
              "");
  }
}

}  // namespace
}  // namespace warpshard::testing
