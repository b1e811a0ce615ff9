#include "host/device/device_population.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <utility>

#include "tests/cuda/backends.h"
#include "warpshard/evaluate.h"

namespace warpshard::testing {
namespace {

constexpr std::int32_t kNodes = 9;
constexpr std::int32_t kStrategies = 3;

SearchClock::Time now() {
  return std::chrono::steady_clock::now();
}

/// A ring of nodes with random costs and usages and a limit that binds.
Problem ring(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t bound) {
    return static_cast<std::int64_t>(random() % bound);
  };
  Problem problem;
  for (std::int32_t node = 0; node < kNodes; ++node) {
    for (std::int32_t s = 0; s < kStrategies; ++s) {
      problem.costs.push_back(below(50));
      problem.usages.push_back(10 + below(20));
    }
    problem.strategy_offsets.push_back(static_cast<std::int64_t>(problem.costs.size()));
    const std::int64_t lower = below(3);
    problem.intervals.push_back({lower, lower + 3 + below(4)});
    problem.edge_nodes.insert(problem.edge_nodes.end(), {node, (node + 1) % kNodes});
    problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
    problem.edge_tables.push_back(node);
    for (std::int32_t k = 0; k < kStrategies * kStrategies; ++k)
      problem.entries.push_back(below(100));
    problem.table_offsets.push_back(static_cast<std::int64_t>(problem.entries.size()));
  }
  problem.usage_limit = 18 * kNodes;
  return problem;
}

/// The least cost of a plan within the limit.
std::optional<Cost> least_cost(const Problem& problem) {
  std::optional<Cost> best;
  Plan plan(kNodes, 0);
  for (;;) {
    const auto evaluation = evaluate(problem, plan);
    if (evaluation.ok() && evaluation->within_limit && (!best || evaluation->cost < *best))
      best = evaluation->cost;
    std::int32_t node = 0;
    while (node < kNodes && ++plan[node] == kStrategies) plan[node++] = 0;
    if (node == kNodes) return best;
  }
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

/// Notes the shares that were asked for; otherwise a search of the serial group.
class WatchedSearch final : public DeviceSearch {
 public:
  WatchedSearch(std::unique_ptr<DeviceSearch> inner, std::vector<float>& shares)
      : inner_(std::move(inner)), shares_(shares) {}
  const PopulationPlan& plan() const override { return inner_->plan(); }
  DeviceStatus start(std::span<const Assignment> starts, std::span<const float> prices) override {
    return inner_->start(starts, prices);
  }
  DeviceStatus set_prices(std::span<const float> prices) override {
    return inner_->set_prices(prices);
  }
  DeviceStatus inject(std::span<const Assignment> states) override {
    return inner_->inject(states);
  }
  DeviceStatus run_chunk(const ChunkOptions& options) override {
    shares_.push_back(options.tabu_share);
    return inner_->run_chunk(options);
  }
  Result<std::vector<HarvestedState>> harvest(std::size_t most) override {
    return inner_->harvest(most);
  }
  Result<ChainSnapshot> snapshot(std::int32_t chain) override { return inner_->snapshot(chain); }
  Result<MoveCounters> counters() override { return inner_->counters(); }

 private:
  std::unique_ptr<DeviceSearch> inner_;
  std::vector<float>& shares_;
};

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

/// A device that breaks, or lies.
class BadSearch : public DeviceSearch {
 public:
  explicit BadSearch(bool lies) : lies_(lies) {}
  const PopulationPlan& plan() const override { return plan_; }
  DeviceStatus start(std::span<const Assignment>, std::span<const float>) override { return {}; }
  DeviceStatus set_prices(std::span<const float>) override { return {}; }
  DeviceStatus inject(std::span<const Assignment>) override { return {}; }
  DeviceStatus run_chunk(const ChunkOptions&) override {
    if (lies_) return {};
    return Error{"out of order"};
  }
  Result<std::vector<HarvestedState>> harvest(std::size_t) override {
    return std::vector<HarvestedState>{{{1 << 20}, 0}};
  }
  Result<ChainSnapshot> snapshot(std::int32_t) override { return Error{"no"}; }
  Result<MoveCounters> counters() override { return MoveCounters{}; }

 private:
  bool lies_;
  PopulationPlan plan_;
};

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
