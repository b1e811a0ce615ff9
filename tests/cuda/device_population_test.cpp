#include "host/device/device_population.h"

#include <gtest/gtest.h>

#include <atomic>
#include <utility>

#include "tests/cuda/backends.h"
#include "tests/cuda/fake_searches.h"
#include "tests/cuda/ring.h"

namespace warpshard::testing {
namespace {

SearchClock::Time now() {
  return std::chrono::steady_clock::now();
}

class DevicePopulationTest : public ::testing::TestWithParam<BackendKind> {
 protected:
  void SetUp() override {
    const std::string absence = absence_of(GetParam());
    if (!absence.empty()) GTEST_SKIP() << absence;
  }
};

TEST_P(DevicePopulationTest, FindsTheOptimumOfSmallInstancesAndOffersIt) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Problem problem = ring(seed);
    const auto best = least_cost(problem);
    ASSERT_TRUE(best);
    auto reducer = Reducer::create(problem, {});
    ASSERT_TRUE(reducer.ok());
    ASSERT_EQ(reducer->run(), ReductionVerdict::kOpen);
    const auto core = std::make_shared<const Core>(std::move(*reducer));
    if (core->model.num_variables() == 0) continue;

    IncumbentPool pool(problem, [](const std::string&) {});
    const std::atomic<bool> stop{false};
    SearchClock clock(now(), now() + std::chrono::hours(1), /*epoch_limit=*/8, stop);
    std::vector<std::unique_ptr<DeviceSearch>> searches;
    searches.push_back(make_search(GetParam(), core->flat, 4, 2, seed));
    std::vector<std::string> lines;
    DevicePopulation population(core, pool, clock, std::move(searches),
                                [&](const std::string& line) { lines.push_back(line); });
    population.set_starts({Assignment(static_cast<std::size_t>(core->model.num_variables()), 0)},
                          std::vector<float>(core->model.capacity.size(), 0.5F));
    population.run(/*seconds=*/1);
    EXPECT_TRUE(lines.empty()) << lines.front();
    ASSERT_TRUE(pool.cost()) << "seed " << seed;
    EXPECT_EQ(*pool.cost(), *best) << "seed " << seed;
    EXPECT_FALSE(population.elites().empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, DevicePopulationTest, ::testing::ValuesIn(all_backends()),
                         [](const auto& backend) { return name_of(backend.param); });

TEST(TabuShare, FollowsTheGains) {
  TabuShare share;
  const float first = share.share();
  share.end_round();
  EXPECT_EQ(share.share(), first) << "nothing was learnt";
  for (int round = 0; round < 20; ++round) {
    share.gain(/*tabu=*/true);
    share.end_round();
  }
  const float most = share.share();
  EXPECT_GT(most, first);
  EXPECT_LT(most, 1.0F);
  for (int round = 0; round < 20; ++round) {
    share.gain(/*tabu=*/true);
    for (int k = 0; k < 4; ++k) share.gain(/*tabu=*/false);
    share.end_round();
  }
  EXPECT_NEAR(share.share(), 0.2F, 0.01F);
  for (int round = 0; round < 20; ++round) {
    share.gain(/*tabu=*/false);
    share.end_round();
  }
  EXPECT_LT(share.share(), 0.1F);
  EXPECT_GT(share.share(), 0.0F);
}

TEST(DevicePopulation, SearchesWithTabuInRoundsThatGoOnFromElites) {
  const Problem problem = ring(2);
  auto reducer = Reducer::create(problem, {});
  ASSERT_TRUE(reducer.ok());
  ASSERT_EQ(reducer->run(), ReductionVerdict::kOpen);
  const auto core = std::make_shared<const Core>(std::move(*reducer));
  IncumbentPool pool(problem, [](const std::string&) {});
  const std::atomic<bool> stop{false};
  std::vector<float> shares;
  SearchClock clock(now(), now() + std::chrono::hours(1), /*epoch_limit=*/3, stop);
  std::vector<std::unique_ptr<DeviceSearch>> searches;
  searches.push_back(std::make_unique<WatchedSearch>(
      make_search(BackendKind::kSerial, core->flat, 8, 2, 1), shares));
  DevicePopulation population(core, pool, clock, std::move(searches), [](const std::string&) {});
  population.set_starts({Assignment(static_cast<std::size_t>(core->model.num_variables()), 0)},
                        std::vector<float>(core->model.capacity.size(), 0.5F));
  population.run(/*seconds=*/1);
  ASSERT_FALSE(population.elites().empty());
  const std::vector<float> fresh = std::exchange(shares, {});
  population.run(/*seconds=*/1);
  EXPECT_EQ(fresh, std::vector<float>(3, 0.0F));
  ASSERT_EQ(shares.size(), 3U);
  EXPECT_GT(shares[0], 0.0F);
}

TEST(DevicePopulation, DropsADeviceThatFailsOrClaimsFalsePlans) {
  const Problem problem = ring(1);
  auto reducer = Reducer::create(problem, {});
  ASSERT_TRUE(reducer.ok());
  ASSERT_EQ(reducer->run(), ReductionVerdict::kOpen);
  const auto core = std::make_shared<const Core>(std::move(*reducer));
  for (const bool lies : {false, true}) {
    IncumbentPool pool(problem, [](const std::string&) {});
    const std::atomic<bool> stop{false};
    SearchClock clock(now(), now() + std::chrono::hours(1), /*epoch_limit=*/5, stop);
    std::vector<std::unique_ptr<DeviceSearch>> searches;
    searches.push_back(std::make_unique<BadSearch>(lies));
    std::vector<std::string> lines;
    DevicePopulation population(core, pool, clock, std::move(searches),
                                [&](const std::string& line) { lines.push_back(line); });
    population.set_starts({Assignment(static_cast<std::size_t>(core->model.num_variables()), 0)},
                          std::vector<float>(core->model.capacity.size(), 0.5F));
    population.run(/*seconds=*/1);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find(lies ? "host's check" : "out of order"), std::string::npos);
    EXPECT_FALSE(pool.cost());
  }
}

}  // namespace
}  // namespace warpshard::testing
