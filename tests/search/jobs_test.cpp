#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <memory>

#include "host/search/descent.h"
#include "host/search/dive_run.h"
#include "host/search/tabu_run.h"
#include "tests/portfolio/worker_driver.h"

// Searches that are done in pieces: what they find depends on how they were begun alone, fits, and
// costs what it says.

namespace warpshard {
namespace {

constexpr Work kAll = std::numeric_limits<Work>::max() / 2;

using MakeJob = std::function<std::unique_ptr<Job>(const GuidePointer&)>;

SearchStart start_of(const Guide& guide) {
  return {guide.decodings.front(), guide.prices};
}

DescentPlan plan_of(const Guide& guide) {
  DescentPlan plan;
  plan.visits = 200 * guide.core->num_connected;
  plan.hottest = static_cast<float>(guide.heat_unit);
  plan.coldest = plan.hottest / 1000;
  return plan;
}

std::unique_ptr<Job> descent(const GuidePointer& guide) {
  return std::make_unique<Descent>(guide->core, plan_of(*guide), start_of(*guide), 1, 2);
}

std::unique_ptr<Job> relaxed_descent(const GuidePointer& guide) {
  DescentPlan plan = plan_of(*guide);
  plan.relaxations = 10;
  return std::make_unique<Descent>(guide->core, plan, start_of(*guide), 1, 2);
}

std::unique_ptr<Job> tabu(const GuidePointer& guide) {
  TabuPlan plan;
  plan.visits = 200 * guide->core->num_connected;
  return std::make_unique<TabuRun>(guide->core, plan, start_of(*guide), 1, 2);
}

std::unique_ptr<Job> dive(const GuidePointer& guide) {
  DiveOptions options;
  options.rounds = 20;
  options.share = 0.2;
  return std::make_unique<DiveRun>(guide, options, DiveRun::Polish{.visits = 50}, 1, 2);
}

class Jobs : public ::testing::TestWithParam<std::pair<const char*, MakeJob>> {
 protected:
  std::unique_ptr<Job> make(const GuidePointer& guide) const { return GetParam().second(guide); }
};

TEST_P(Jobs, PiecesMakeNoDifference) {
  const Problem problem = testing::transformer(800, 3);
  const Parameters parameters;
  Pool pool(problem, parameters, false);
  testing::prepare(pool);
  const auto whole = make(pool.guide());
  EXPECT_TRUE(whole->run(kAll, StopToken{}));
  ASSERT_TRUE(whole->best());
  EXPECT_TRUE(fits(pool.core()->model, whole->best()->values));
  EXPECT_EQ(whole->best()->cost, cost_of(pool.core()->model, whole->best()->values));

  const auto pieces = make(pool.guide());
  int count = 1;
  while (!pieces->run(whole->done() / 7, StopToken{})) ++count;
  EXPECT_GT(count, 3);
  EXPECT_EQ(pieces->best()->values, whole->best()->values);
  EXPECT_EQ(pieces->done(), whole->done());
  EXPECT_EQ(pieces->visits(), whole->visits());
}

TEST_P(Jobs, AStopEndsThemAtOnce) {
  const Problem problem = testing::transformer(300, 3);
  const Parameters parameters;
  Pool pool(problem, parameters, false);
  testing::prepare(pool);
  const std::atomic<bool> told{true};
  const auto job = make(pool.guide());
  EXPECT_FALSE(job->run(kAll, StopToken(told)));
  EXPECT_EQ(job->done(), 0);
}

TEST_P(Jobs, FindOptimaOfTinyInstances) {
  const Parameters parameters;
  int open = 0;
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Problem problem = testing::tiny(seed);
    Pool pool(problem, parameters, false);
    testing::prepare(pool, 2);
    if (pool.guide() == nullptr || pool.core()->allows_forbidden) continue;
    const auto optimum = testing::brute_force(problem);
    if (!optimum || optimum->cost.forbidden > 0) continue;
    const auto job = make(pool.guide());
    job->run(kAll, StopToken{});
    ++open;
    if (!job->best()) continue;
    const auto plan = verified_plan(problem, pool.core()->reducer.lift(job->best()->values));
    ASSERT_TRUE(plan);
    EXPECT_GE(plan->evaluation.cost, optimum->cost);
    if (plan->evaluation.cost == optimum->cost) ++optimal;
  }
  EXPECT_GE(open, 15);
  EXPECT_GE(4 * optimal, 3 * open) << optimal << " of " << open;
}

INSTANTIATE_TEST_SUITE_P(Kinds, Jobs,
                         ::testing::Values(std::pair<const char*, MakeJob>{"descent", descent},
                                           std::pair<const char*, MakeJob>{"relaxed",
                                                                           relaxed_descent},
                                           std::pair<const char*, MakeJob>{"tabu", tabu},
                                           std::pair<const char*, MakeJob>{"dive", dive}),
                         [](const auto& instance) { return instance.param.first; });

/// A descent whose prices rose far too high has a dear plan; as they fall it gets cheaper, keeps to
/// memory, and its prices stay near those that it came to.
TEST(Descent, RelaxingMakesUpForPricesThatRoseTooHigh) {
  const Problem problem = testing::transformer(800, 3);
  const Parameters parameters;
  Pool pool(problem, parameters, false);
  testing::prepare(pool);
  const GuidePointer guide = pool.guide();
  DescentPlan plan = plan_of(*guide);
  plan.visits = 5 * guide->core->num_connected;
  plan.overtime = 5;
  plan.rule.raise = 10;
  Descent strict(guide->core, plan, start_of(*guide), 1, 2);
  plan.relaxations = 24;
  Descent relaxed(guide->core, plan, start_of(*guide), 1, 2);
  strict.run(kAll, StopToken{});
  relaxed.run(kAll, StopToken{});
  ASSERT_TRUE(strict.best() && relaxed.best());
  EXPECT_LT(relaxed.best()->cost, strict.best()->cost);
  EXPECT_TRUE(fits(guide->core->model, relaxed.best()->values));
  EXPECT_GT(relaxed.best()->prices.front(), 0.5F * strict.best()->prices.front());
}

}  // namespace
}  // namespace warpshard
