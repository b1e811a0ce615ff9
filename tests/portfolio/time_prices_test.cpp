#include "host/portfolio/time_prices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/portfolio/worker_driver.h"
#include "tests/support/counted.h"

// Prices that outlive a search.

namespace warpshard {
namespace {

using testing::counted;

CorePointer core_of(const Problem& problem) {
  return reduce_instance(problem, /*allow_forbidden=*/false, 1, StopToken{}).core;
}

TEST(TimePrices, TimesAreThoseOfTheModel) {
  const Problem problem = testing::transformer(400, 3);
  const CorePointer core = core_of(problem);
  const auto times = core->reducer.times();
  ASSERT_EQ(std::ssize(times), core->model.num_times());
  EXPECT_TRUE(std::ranges::is_sorted(times, std::less_equal<>()));
  for (const std::int64_t time : times)
    EXPECT_TRUE(std::ranges::any_of(problem.intervals, [&](const Interval& interval) {
      return interval.lower == time;
    })) << time;
}

TEST(TimePrices, GoToTheNearestTime) {
  const CorePointer core = core_of(testing::transformer(400, 3));
  const auto times = core->reducer.times();
  ASSERT_GE(times.size(), 2U);
  const auto quantum = static_cast<float>(core->flat.usage_quantum);
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto prices = prices_at_times(
      *core, std::vector<TimePrice>{{least, 1}, {times[0], 2}, {times[1], 4}, {most, 8}});
  ASSERT_EQ(prices.size(), times.size());
  EXPECT_EQ(prices[0], 3 * quantum);
  EXPECT_EQ(prices[1], (times.size() == 2 ? 12 : 4) * quantum);
  EXPECT_EQ(prices.back(), (times.size() == 2 ? 12 : 8) * quantum);
}

TEST(TimePrices, LetTheNextSearchBeginWhereTheLastOneEnded) {
  Problem problem = testing::transformer(4000, 3);
  const std::vector<TimePrice> prices = solve(problem, counted(200), SolverCallbacks{}).prices;
  ASSERT_FALSE(prices.empty());
  for (const TimePrice& price : prices) EXPECT_GT(price.price, 0);
  for (std::size_t k = 0; k < problem.costs.size(); k += 97)
    if (!forbids(problem.costs[k])) problem.costs[k] += problem.costs[k] / 10;

  SolverOptions options = counted(40);
  const SolverResult afresh = solve(problem, options, SolverCallbacks{});
  options.prices = prices;
  const SolverResult again = solve(problem, options, SolverCallbacks{});
  ASSERT_TRUE(afresh.bound && again.bound);
  EXPECT_GT(*again.bound, *afresh.bound);
}

TEST(TimePrices, AreBelievedNowhere) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    const Problem problem = testing::tiny(seed);
    SolverOptions options = counted(20);
    for (const std::int64_t time : {-5, 0, 3, 1000}) options.prices.push_back({time, 1e300});
    const SolverResult result = solve(problem, options, SolverCallbacks{});
    const auto optimum = testing::brute_force(problem);
    EXPECT_EQ(result.status == SolverStatus::kInfeasible, !optimum);
    if (!optimum) continue;
    if (result.bound) {
      EXPECT_LE(*result.bound, optimum->cost);
    }
    if (result.status == SolverStatus::kOptimal) {
      EXPECT_EQ(result.evaluation.cost, optimum->cost);
    }
  }
}

TEST(TimePrices, AreRefusedWhereTheyAreNone) {
  SolverOptions options = counted(20);
  for (const double price : {-1.0, std::numeric_limits<double>::quiet_NaN()}) {
    options.prices = {{0, price}};
    const SolverResult result = solve(testing::tiny(1), options, SolverCallbacks{});
    EXPECT_EQ(result.status, SolverStatus::kError);
    EXPECT_NE(result.message.find("price"), std::string::npos) << result.message;
  }
}

}  // namespace
}  // namespace warpshard
