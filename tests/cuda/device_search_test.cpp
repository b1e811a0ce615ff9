// One source for all backends: the kernels on the CPU's group, on an emulated warp and on a GPU.

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "host/device/harvest_check.h"
#include "tests/cuda/backends.h"
#include "tests/support/random_model.h"

namespace warpshard::testing {
namespace {

/// A test that runs once per backend and is skipped where the backend is absent.
class DeviceSearchTest : public ::testing::TestWithParam<BackendKind> {
 protected:
  void SetUp() override {
    const std::string absence = absence_of(GetParam());
    if (!absence.empty()) GTEST_SKIP() << absence;
  }
  std::unique_ptr<DeviceSearch> make(const FlatModel& flat, std::int32_t chains,
                                     std::int32_t per_island, std::uint64_t seed = 3) const {
    return make_search(GetParam(), flat, chains, per_island, seed);
  }
};

/// Longer rows and more variables than a warp has lanes, several blocks of time points.
RandomModelShape wide() {
  RandomModelShape shape;
  shape.num_variables = 90;
  shape.max_domain = 50;
  shape.num_times = 300;
  shape.max_segments = 4;
  shape.tightness = 0.3;
  return shape;
}

ChunkOptions chunk_of(std::int64_t visits, float coldest, float hottest) {
  ChunkOptions options;
  options.visits = visits;
  options.coldest = coldest;
  options.hottest = hottest;
  return options;
}

std::vector<Assignment> random_starts(const Model& model, int count) {
  std::vector<Assignment> starts;
  starts.reserve(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k)
    starts.push_back(random_assignment(model, 100 + static_cast<std::uint64_t>(k)));
  return starts;
}

/// All states that are to be harvested, as they come.
std::vector<Assignment> harvested(DeviceSearch& search) {
  const auto states = search.harvest(100);
  EXPECT_TRUE(states.ok());
  std::vector<Assignment> values;
  for (const HarvestedState& state : *states) values.push_back(state.values);
  return values;
}

/// A snapshot's account and slack against the model's own exact code.
void expect_exact(const Model& model, const FlatModel& flat, const ChainSnapshot& snapshot) {
  Cost cost = cost_of(model, snapshot.values);
  EXPECT_EQ(cost.forbidden - model.constant.forbidden, snapshot.account.forbidden);
  EXPECT_EQ(static_cast<std::int64_t>(cost.finite - model.constant.finite),
            snapshot.account.finite);
  ASSERT_EQ(flat.usage_quantum, 1);
  const auto usage = usage_of(model, snapshot.values);
  for (std::size_t t = 0; t < usage.size(); ++t)
    ASSERT_EQ(model.capacity[t] - usage[t], snapshot.slack[t]) << "time " << t;
}

TEST_P(DeviceSearchTest, AccountsExactlyAndNeverAddsToViolations) {
  const Model model = random_model(wide(), 21);
  const FlatModel flat(model);
  const auto search = make(flat, 4, 2);
  ASSERT_NE(search, nullptr);
  const std::vector<float> prices(model.capacity.size(), 0.2F);
  ASSERT_FALSE(search->start(random_starts(model, 4), prices));
  std::vector<std::vector<std::int32_t>> least_slack(4);
  for (std::int32_t c = 0; c < 4; ++c) {
    const auto before = search->snapshot(c);
    ASSERT_TRUE(before.ok());
    expect_exact(model, flat, *before);
    least_slack[c] = before->slack;
  }
  for (int chunk = 0; chunk < 4; ++chunk) {
    ASSERT_FALSE(search->run_chunk(chunk_of(200, 5, 20)));
    for (std::int32_t c = 0; c < 4; ++c) {
      const auto now = search->snapshot(c);
      ASSERT_TRUE(now.ok());
      expect_exact(model, flat, *now);
      for (std::size_t t = 0; t < least_slack[c].size(); ++t) {
        ASSERT_GE(now->slack[t], std::min(0, least_slack[c][t])) << "chain " << c << " time " << t;
      }
      least_slack[c] = now->slack;
    }
  }
}

TEST_P(DeviceSearchTest, TabuSearchEndsInTheBestStateAndAgreesWithTheSerialGroup) {
  const Model model = random_model(wide(), 22);
  const FlatModel flat(model);
  const std::vector<float> prices(model.capacity.size(), 0.2F);
  // Every chain starts within the limit and may only get cheaper.
  const Assignment start = free_assignment(model);
  const auto ours = make(flat, 4, 2);
  const auto serial = make_search(BackendKind::kSerial, flat, 4, 2, 3);
  ASSERT_NE(ours, nullptr);
  ChunkOptions options = chunk_of(3000, 10, 10);
  options.tabu_share = 1;
  options.follow_prices = false;
  options.cross = false;
  for (DeviceSearch* search : {ours.get(), serial.get()})
    ASSERT_FALSE(search->start({&start, 1}, prices));
  Cost before = cost_of(model, start);
  for (int chunk = 0; chunk < 3; ++chunk) {
    for (DeviceSearch* search : {ours.get(), serial.get()})
      ASSERT_FALSE(search->run_chunk(options));
    for (std::int32_t c = 0; c < 4; ++c) {
      const auto a = ours->snapshot(c);
      const auto b = serial->snapshot(c);
      ASSERT_TRUE(a.ok() && b.ok());
      expect_exact(model, flat, *a);
      EXPECT_TRUE(fits(model, a->values));
      EXPECT_LT(cost_of(model, a->values), cost_of(model, start));
      EXPECT_EQ(a->values, b->values);
    }
    const Cost now = cost_of(model, ours->snapshot(0)->values);
    EXPECT_LE(now, before);
    before = now;
  }
}

/// From the same state and stream every backend takes the same steps.
TEST_P(DeviceSearchTest, StepsAgreeBitForBitWithTheSerialGroup) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Model model = random_model(wide(), seed);
    const FlatModel flat(model);
    const std::vector<float> prices(model.capacity.size(), 0.2F);
    const auto ours = make(flat, 2, 1);
    const auto serial = make_search(BackendKind::kSerial, flat, 2, 1, 3);
    ASSERT_NE(ours, nullptr);
    ChunkOptions options = chunk_of(1500, 10, 10);
    // The price rule uses a library's power function, whose last bit may differ.
    options.follow_prices = false;
    for (DeviceSearch* search : {ours.get(), serial.get()}) {
      ASSERT_FALSE(search->start(random_starts(model, 2), prices));
      ASSERT_FALSE(search->run_chunk(options));
    }
    for (std::int32_t c = 0; c < 2; ++c) {
      const auto a = ours->snapshot(c);
      const auto b = serial->snapshot(c);
      ASSERT_TRUE(a.ok() && b.ok());
      EXPECT_EQ(a->values, b->values);
      EXPECT_EQ(a->account.finite, b->account.finite);
      EXPECT_EQ(a->account.forbidden, b->account.forbidden);
      EXPECT_EQ(a->slack, b->slack);
    }
  }
}

TEST_P(DeviceSearchTest, SameSeedSameAnswer) {
  const Model model = random_model(wide(), 8);
  const FlatModel flat(model);
  const std::vector<float> prices(model.capacity.size(), 0.1F);
  std::vector<Assignment> ends;
  for (const std::uint64_t seed : {5, 5, 6}) {
    const auto search = make(flat, 4, 4, seed);
    ASSERT_NE(search, nullptr);
    ASSERT_FALSE(search->start(random_starts(model, 1), prices));
    for (int chunk = 0; chunk < 3; ++chunk) ASSERT_FALSE(search->run_chunk(chunk_of(150, 2, 20)));
    ends.push_back(search->snapshot(2)->values);
  }
  EXPECT_EQ(ends[0], ends[1]);
  EXPECT_NE(ends[0], ends[2]);
}

std::optional<Cost> brute_force(const Model& model) {
  std::optional<Cost> best;
  Assignment values(static_cast<std::size_t>(model.num_variables()), 0);
  for (;;) {
    if (fits(model, values)) {
      const Cost cost = cost_of(model, values);
      if (!best || cost < *best) best = cost;
    }
    std::int32_t v = 0;
    while (v < model.num_variables() && ++values[v] == model.domain(v)) values[v++] = 0;
    if (v == model.num_variables()) return best;
  }
}

TEST_P(DeviceSearchTest, HarvestsTheOptimumOfTinyModels) {
  for (const std::uint64_t seed : {31, 32}) {
    const Model model = random_model({}, seed);
    const FlatModel flat(model);
    const auto best = brute_force(model);
    ASSERT_TRUE(best);  // the free values fit
    const auto search = make(flat, 8, 4);
    ASSERT_NE(search, nullptr);
    const std::vector<float> prices(model.capacity.size(), 0.1F);
    ASSERT_FALSE(search->start(random_starts(model, 8), prices));
    std::optional<Cost> found;
    for (int chunk = 0; chunk < 8; ++chunk) {
      ASSERT_FALSE(search->run_chunk(chunk_of(40, 1, 60)));
      auto harvest = search->harvest(8);
      ASSERT_TRUE(harvest.ok());
      std::optional<Cost> last;
      for (const HarvestedState& claimed : *harvest) {
        const auto state = verified(model, claimed.values);
        ASSERT_TRUE(state);
        EXPECT_TRUE(!last || *last <= state->cost);
        last = state->cost;
        if (!found || state->cost < *found) found = state->cost;
      }
    }
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, *best) << "seed " << seed;
    EXPECT_TRUE(search->harvest(8)->empty()) << "nothing new since the last harvest";
  }
}

TEST_P(DeviceSearchTest, ExchangePermutesTheLadder) {
  const Model model = random_model(wide(), 4);
  const FlatModel flat(model);
  const auto search = make(flat, 10, 5);
  ASSERT_NE(search, nullptr);
  const std::vector<float> prices(model.capacity.size(), 0.1F);
  ASSERT_FALSE(search->start(random_starts(model, 10), prices));
  bool moved = false;
  for (int chunk = 0; chunk < 6; ++chunk) {
    ASSERT_FALSE(search->run_chunk(chunk_of(60, 10, 20)));
    for (std::int32_t island = 0; island < 2; ++island) {
      std::vector<std::int32_t> rungs;
      for (std::int32_t c = 5 * island; c < 5 * island + 5; ++c) {
        rungs.push_back(search->snapshot(c)->rung);
        moved = moved || rungs.back() != c % 5;
      }
      std::sort(rungs.begin(), rungs.end());
      EXPECT_EQ(rungs, (std::vector<std::int32_t>{0, 1, 2, 3, 4}));
    }
  }
  EXPECT_TRUE(moved);
}

TEST_P(DeviceSearchTest, InjectReplacesTheHottestChainOfEachIsland) {
  const Model model = random_model({}, 9);
  const FlatModel flat(model);
  const auto search = make(flat, 6, 3);
  ASSERT_NE(search, nullptr);
  const std::vector<float> prices(model.capacity.size(), 0.1F);
  const auto starts = random_starts(model, 4);
  ASSERT_FALSE(search->start({&starts[0], 1}, prices));
  ASSERT_FALSE(search->inject({&starts[1], 3}));
  EXPECT_EQ(search->snapshot(2)->values, starts[1]);
  EXPECT_EQ(search->snapshot(5)->values, starts[2]);
  EXPECT_EQ(search->snapshot(1)->values, starts[3]);
  EXPECT_EQ(search->snapshot(0)->values, starts[0]);
  expect_exact(model, flat, *search->snapshot(5));
}

TEST_P(DeviceSearchTest, CountsWhatItDid) {
  const Model model = random_model(wide(), 10);
  const FlatModel flat(model);
  const auto search = make(flat, 4, 2);
  ASSERT_NE(search, nullptr);
  const std::vector<float> prices(model.capacity.size(), 0.1F);
  ASSERT_FALSE(search->start(random_starts(model, 1), prices));
  ChunkOptions flips = chunk_of(100, 5, 5);
  flips.most_log2_tree = 0;
  ASSERT_FALSE(search->run_chunk(flips));
  const auto counters = search->counters();
  ASSERT_TRUE(counters.ok());
  EXPECT_GE(counters->flip_visits, 400);
  EXPECT_EQ(counters->tree_visits, 0);
  EXPECT_GE(counters->deltas, 2 * counters->flip_visits);
  EXPECT_GT(counters->changes, 0);
}

/// Worked by hand: one variable, values of cost 9, 4, 0 and usage 0, 10, 20; the limit is 15.
TEST_P(DeviceSearchTest, TakesTheBestThatFits) {
  Model model;
  model.value_offsets = {0, 3};
  model.unary = {9, 4, 0};
  model.segment_offsets = {0, 1};
  model.segments = {{0, 1, 0}};
  model.segment_usage = {0, 10, 20};
  model.capacity = {15};
  const FlatModel flat(model);
  const auto search = make(flat, 2, 2);
  ASSERT_NE(search, nullptr);
  ASSERT_FALSE(search->start(std::vector<Assignment>{{0}}, std::vector<float>{0.0F}));
  ASSERT_FALSE(search->run_chunk(chunk_of(1, 0, 0)));
  EXPECT_EQ(harvested(*search), std::vector<Assignment>{{1}});
}

/// Forty times the capacity: in units that the capacity suits, this would not fit in 32 bits.
TEST_P(DeviceSearchTest, StartsFarAboveTheLimit) {
  constexpr std::int32_t kVariables = 40;
  constexpr std::int64_t kCapacity = std::int64_t{1} << 28;
  Model model;
  for (std::int32_t v = 0; v < kVariables; ++v) {
    model.value_offsets.push_back(2 * (v + 1));
    model.unary.insert(model.unary.end(), {0, 1});  // the value without usage is the cheaper one
    model.segment_offsets.push_back(v + 1);
    model.segments.push_back({0, 1, std::int64_t{2} * v});
    model.segment_usage.insert(model.segment_usage.end(), {0, kCapacity});
  }
  model.capacity = {kCapacity};
  const FlatModel flat(model);
  const auto search = make(flat, 2, 2);
  ASSERT_NE(search, nullptr);
  ASSERT_FALSE(
      search->start(std::vector<Assignment>{Assignment(kVariables, 1)}, std::vector<float>{0.0F}));
  const auto start = search->snapshot(0);
  ASSERT_TRUE(start.ok());
  EXPECT_EQ(start->slack.front() * flat.usage_quantum, -(kVariables - 1) * kCapacity);
  ASSERT_FALSE(search->run_chunk(chunk_of(1, 0, 0)));
  EXPECT_EQ(harvested(*search), std::vector<Assignment>{Assignment(kVariables, 0)});
}

/// No memory rows at all, and variables without neighbours only.
TEST_P(DeviceSearchTest, CopesWithoutMemoryOrEdges) {
  Model model;
  model.value_offsets = {0, 2, 4};
  model.unary = {3, 1, 0, 5};
  model.segment_offsets = {0, 0, 0};
  const FlatModel flat(model);
  const auto search = make(flat, 2, 2);
  ASSERT_NE(search, nullptr);
  ASSERT_FALSE(search->start(std::vector<Assignment>{{0, 1}}, {}));
  ASSERT_FALSE(search->run_chunk(chunk_of(1, 0, 0)));
  EXPECT_EQ(harvested(*search), (std::vector<Assignment>{{1, 0}}));
}

INSTANTIATE_TEST_SUITE_P(Backends, DeviceSearchTest, ::testing::ValuesIn(all_backends()),
                         [](const auto& backend) { return name_of(backend.param); });

}  // namespace
}  // namespace warpshard::testing
