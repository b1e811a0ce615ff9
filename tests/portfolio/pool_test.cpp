#include "host/portfolio/pool.h"

#include <gtest/gtest.h>

#include "host/portfolio/offer.h"
#include "tests/portfolio/worker_driver.h"

namespace warpshard {
namespace {

/// One node that costs 5, 3 or 4.
Problem one_node() {
  Problem problem;
  problem.costs = {5, 3, 4};
  problem.usages = {0, 0, 0};
  problem.strategy_offsets = {0, 3};
  problem.intervals = {{0, 1}};
  return problem;
}

TEST(Pool, KeepsTheCheapestPlanAndWhoFoundIt) {
  const Problem problem = one_node();
  const Parameters parameters;
  Pool pool(problem, parameters, /*settle_ties=*/false);
  EXPECT_FALSE(pool.cost());
  EXPECT_TRUE(pool.offer(*verified_plan(problem, {0}), "first"));
  EXPECT_TRUE(pool.offer(*verified_plan(problem, {1}), "second"));
  EXPECT_FALSE(pool.offer(*verified_plan(problem, {2}), "third"));
  EXPECT_EQ(pool.cost(), Cost(0, 3));
  EXPECT_EQ(pool.source(), "second");
  EXPECT_EQ(pool.num_offers(), 3);
}

TEST(Pool, BoundsOnlyRiseAndCloseTheGap) {
  const Problem problem = one_node();
  const Parameters parameters;
  Pool pool(problem, parameters, false);
  pool.offer(*verified_plan(problem, {2}), "plan");
  EXPECT_FALSE(pool.gap());
  pool.raise_bound({0, 2}, "a");
  pool.raise_bound({0, 1}, "b");
  EXPECT_EQ(pool.bound(), Cost(0, 2));
  EXPECT_EQ(pool.bound_source(), "a");
  EXPECT_EQ(pool.gap(), 2.0);
  EXPECT_FALSE(pool.closed(0.5));
  EXPECT_TRUE(pool.closed(1.0));
  pool.raise_bound({0, 4}, "c");
  EXPECT_TRUE(pool.closed(0));
}

/// A bound of exactly 0 is a bound like any other.
TEST(Pool, ZeroIsABound) {
  Problem problem = one_node();
  problem.costs = {0, 2, 1};
  const Parameters parameters;
  Pool pool(problem, parameters, false);
  pool.offer(*verified_plan(problem, {2}), "plan");
  pool.raise_bound({0, 0}, "bound");
  EXPECT_FALSE(pool.closed(1e300));
  pool.offer(*verified_plan(problem, {0}), "plan");
  EXPECT_TRUE(pool.closed(0));
}

TEST(Pool, OfEqualPlansTheFirstInOrderWinsWhereTiesAreSettled) {
  Problem problem = one_node();
  problem.costs = {3, 3, 3};
  const Parameters parameters;
  Pool settling(problem, parameters, true);
  EXPECT_TRUE(settling.offer(*verified_plan(problem, {1}), "a"));
  EXPECT_TRUE(settling.offer(*verified_plan(problem, {0}), "b"));
  EXPECT_FALSE(settling.offer(*verified_plan(problem, {2}), "c"));
  Offer offer(settling);
  offer.consider({0});
  EXPECT_FALSE(offer.hand_over(settling, "d"));
  Pool other(problem, parameters, false);
  EXPECT_TRUE(other.offer(*verified_plan(problem, {1}), "a"));
  EXPECT_FALSE(other.offer(*verified_plan(problem, {0}), "b"));
}

TEST(Pool, RefusesWhatIsNoPlan) {
  Problem problem = one_node();
  EXPECT_FALSE(verified_plan(problem, {3}));
  EXPECT_FALSE(verified_plan(problem, {}));
  problem.usages = {2, 2, 1};
  problem.usage_limit = 1;
  EXPECT_FALSE(verified_plan(problem, {0}));
  EXPECT_TRUE(verified_plan(problem, {2}));
}

/// Elites move to a new core as far as it has their values, and the incumbent is among them.
TEST(Pool, ElitesFollowToASmallerCore) {
  const Problem problem = testing::transformer(300, 3);
  const Parameters parameters;
  Pool pool(problem, parameters, false);
  testing::prepare(pool, 1);
  const CorePointer core = pool.core();
  const auto decoding = pool.guide()->decodings.front();
  pool.add_elite(core, {decoding, {}, cost_of(core->model, decoding)});
  ASSERT_EQ(pool.elites().size(), 1U);

  Reducer reducer = core->reducer;
  const std::int32_t other = decoding[0] == 0 ? 1 : 0;
  reducer.remove_values(std::vector<std::pair<std::int32_t, std::int32_t>>{{0, other}});
  ASSERT_EQ(reducer.run(), ReductionVerdict::kOpen);
  const auto generation = pool.generation();
  pool.set_core(std::make_shared<const Core>(std::move(reducer)));
  EXPECT_GT(pool.generation(), generation);
  EXPECT_EQ(pool.guide(), nullptr);
  for (const Elite& elite : pool.elites()) {
    EXPECT_TRUE(fits(pool.core()->model, elite.values));
    EXPECT_EQ(elite.cost, cost_of(pool.core()->model, elite.values));
  }
}

}  // namespace
}  // namespace warpshard
