#include "host/device/device_rounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "host/device/host_search.h"
#include "host/portfolio/core.h"
#include "tests/cuda/backends.h"
#include "tests/cuda/fake_searches.h"
#include "tests/cuda/ring.h"

namespace warpshard::testing {
namespace {

CorePointer core_of(const Problem& problem) {
  auto reducer = Reducer::create(problem, {});
  EXPECT_TRUE(reducer.ok());
  EXPECT_EQ(reducer->run(), ReductionVerdict::kOpen);
  return std::make_shared<const Core>(std::move(*reducer));
}

DeviceSources sources_of(const Core& core) {
  DeviceSources sources;
  sources.decodings = {Assignment(static_cast<std::size_t>(core.model.num_variables()), 0)};
  sources.prices.assign(core.model.capacity.size(), 0.5F);
  sources.heat_unit = 50;
  return sources;
}

DeviceRoundParameters short_rounds() {
  DeviceRoundParameters parameters;
  parameters.first_visits = 200;
  parameters.epochs = 10;
  return parameters;
}

/// Runs a round in pieces of so many epochs and adds what it found.
void run_round(DeviceRounds& rounds, std::int32_t epochs, std::vector<Elite>& found,
               std::int64_t& visits) {
  for (bool ended = false; !ended;) {
    const auto piece = rounds.run({epochs, 0}, StopToken());
    ASSERT_TRUE(piece.ok()) << piece.error().message;
    found.insert(found.end(), piece->found.begin(), piece->found.end());
    EXPECT_GT(piece->visits, 0);
    visits += piece->visits;
    ended = piece->round_ended;
  }
}

class DeviceRoundsTest : public ::testing::TestWithParam<BackendKind> {
 protected:
  void SetUp() override {
    const std::string absence = absence_of(GetParam());
    if (!absence.empty()) GTEST_SKIP() << absence;
  }
};

TEST_P(DeviceRoundsTest, FindTheOptimumOfSmallInstances) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Problem problem = ring(seed);
    const auto best = least_cost(problem);
    ASSERT_TRUE(best);
    const CorePointer core = core_of(problem);
    if (core->model.num_variables() == 0) continue;
    DeviceRounds rounds(core->model, make_search(GetParam(), core->flat, 4, 2, seed),
                        short_rounds());
    EXPECT_FALSE(rounds.ready());
    rounds.set_sources(sources_of(*core));
    ASSERT_TRUE(rounds.ready());
    std::vector<Elite> found;
    std::int64_t visits = 0;
    run_round(rounds, 2, found, visits);
    ASSERT_FALSE(found.empty());
    for (const Elite& elite : found) {
      EXPECT_TRUE(fits(core->model, elite.values));
      EXPECT_EQ(elite.cost, cost_of(core->model, elite.values));
      EXPECT_EQ(elite.prices.size(), core->model.capacity.size());
    }
    const auto cheapest = std::ranges::min_element(
        found, [](const Elite& a, const Elite& b) { return a.cost < b.cost; });
    EXPECT_EQ(cheapest->cost, *best) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, DeviceRoundsTest, ::testing::ValuesIn(all_backends()),
                         [](const auto& backend) { return name_of(backend.param); });

TEST(DeviceRounds, DoNotDependOnPiecesOrThreads) {
  const Problem problem = ring(2);
  const CorePointer core = core_of(problem);
  std::vector<std::vector<Elite>> found(3);
  std::vector<std::int64_t> visits(3, 0);
  for (const std::int32_t k : {0, 1, 2}) {
    DeviceSearchOptions options;
    options.chains = 8;
    options.chains_per_island = 2;
    options.tabu = true;
    options.threads = k + 1;
    auto search = make_host_search(core->flat, core->noise.values(), options);
    ASSERT_TRUE(search.ok());
    DeviceRounds rounds(core->model, std::move(*search), short_rounds());
    DeviceSources sources = sources_of(*core);
    rounds.set_sources(sources);
    for (int round = 0; round < 4; ++round) {
      run_round(rounds, 2 * k + 1, found[k], visits[k]);
      sources.elites = {found[k].back()};
      rounds.set_sources(sources);
    }
  }
  for (const std::size_t k : {1U, 2U}) {
    EXPECT_EQ(visits[k], visits[0]);
    ASSERT_EQ(found[k].size(), found[0].size());
    for (std::size_t i = 0; i < found[0].size(); ++i) {
      EXPECT_EQ(found[k][i].values, found[0][i].values);
      EXPECT_EQ(found[k][i].prices, found[0][i].prices);
    }
  }
}

TEST(DeviceRounds, SearchWithTabuWhereTheyGoOnFromElites) {
  const CorePointer core = core_of(ring(2));
  std::vector<float> shares;
  DeviceRounds rounds(core->model,
                      std::make_unique<WatchedSearch>(
                          make_search(BackendKind::kSerial, core->flat, 8, 2, 1), shares),
                      short_rounds());
  DeviceSources sources = sources_of(*core);
  rounds.set_sources(sources);
  std::vector<Elite> found;
  std::int64_t visits = 0;
  run_round(rounds, 1, found, visits);
  EXPECT_TRUE(std::ranges::all_of(shares, [](float share) { return share == 0; }));
  ASSERT_FALSE(found.empty());
  sources.elites = {found.back()};
  rounds.set_sources(sources);
  shares.clear();
  run_round(rounds, 1, found, visits);
  ASSERT_FALSE(shares.empty());
  EXPECT_GT(shares.front(), 0);
}

TEST(DeviceRounds, EndAPieceAfterAnEpochWhereToldToStop) {
  const CorePointer core = core_of(ring(1));
  std::vector<float> chunks;
  DeviceRounds rounds(core->model,
                      std::make_unique<WatchedSearch>(
                          make_search(BackendKind::kSerial, core->flat, 4, 2, 1), chunks),
                      short_rounds());
  rounds.set_sources(sources_of(*core));
  const std::atomic<bool> stop{true};
  ASSERT_TRUE(rounds.run({1000, 0}, StopToken(stop)).ok());
  EXPECT_EQ(chunks.size(), 1U);
  const auto timed = rounds.run({0, 1e-9}, StopToken());
  ASSERT_TRUE(timed.ok());
  EXPECT_EQ(chunks.size(), 2U);
}

TEST(DeviceRounds, SayThatADeviceFailsOrClaimsFalsePlans) {
  const CorePointer core = core_of(ring(1));
  for (const bool lies : {false, true}) {
    DeviceRounds rounds(core->model, std::make_unique<BadSearch>(lies), short_rounds());
    rounds.set_sources(sources_of(*core));
    const auto piece = rounds.run({}, StopToken());
    ASSERT_FALSE(piece.ok());
    EXPECT_NE(piece.error().message.find(lies ? "host's check" : "out of order"),
              std::string::npos);
  }
}

TEST(DeviceRounds, CheckTheirParameters) {
  EXPECT_FALSE(DeviceRoundParameters{}.validate());
  for (const auto& spoil : std::vector<void (*)(DeviceRoundParameters&)>{
           [](auto& p) { p.first_visits = 0; }, [](auto& p) { p.most_visits = 1; },
           [](auto& p) { p.growth = 0.5; }, [](auto& p) { p.ladder = 0; },
           [](auto& p) { p.epochs = 0; }, [](auto& p) { p.harvest = 0; },
           [](auto& p) { p.longest_epoch = 0; }}) {
    DeviceRoundParameters parameters;
    spoil(parameters);
    EXPECT_TRUE(parameters.validate());
  }
}

}  // namespace
}  // namespace warpshard::testing
