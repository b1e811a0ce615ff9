#include "host/search/annealing.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace warpshard {
namespace {

/// Visits between two looks at the clock, a fraction of a millisecond.
constexpr std::int64_t kGlance = 1000;
/// Share of the descent in which capacities may be exceeded.
constexpr double kSoftShare = 0.5;
/// Visits per variable without temperature at the end.
constexpr std::int64_t kQuenchVisits = 10;
/// Where the clock counts epochs: variable visits per epoch and connected variable.
constexpr std::int64_t kVisitsPerVariable = 20;

}  // namespace

AnnealingPlan plan_descent(const RoundPolicy& policy, const Core& core, const SearchClock& clock,
                           double cost, double seconds) {
  const std::int32_t connected = std::max(1, core.num_connected);
  AnnealingPlan plan;
  plan.hottest = static_cast<float>(policy.heat * cost / connected);
  plan.coldest = plan.hottest / policy.cooling;
  plan.tolerance = policy.tolerance;
  plan.free_share = policy.free_share;
  plan.seconds = seconds;
  if (!clock.timed()) {
    plan.epochs = static_cast<std::int32_t>(clock.epoch_limit());
    plan.visits_per_epoch = kVisitsPerVariable * connected;
  }
  return plan;
}

double typical_cost(const Core& core, const Assignment& decoding, const IncumbentPool& pool,
                    const SearchClock& clock) {
  double cost = std::abs(static_cast<double>(cost_of(core.model, decoding).finite));
  const auto incumbent = pool.cost();
  if (clock.timed() && incumbent && incumbent->forbidden == 0)
    cost = std::min(cost, std::abs(static_cast<double>(incumbent->finite)));
  return std::max(1.0, cost);
}

float tolerance_at(const AnnealingPlan& plan, double share) {
  if (share < plan.free_share) return kFreeTolerance;
  return share < kSoftShare ? static_cast<float>(plan.tolerance * (1 - share / kSoftShare)) : 0.0F;
}

void anneal(Chain& chain, const AnnealingPlan& plan, const SearchClock& clock,
            const std::function<void(Chain&)>& on_epoch) {
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&] {
    return SearchClock::to_seconds(std::chrono::steady_clock::now() - begin);
  };
  const double ratio = static_cast<double>(plan.coldest) / plan.hottest;
  std::int32_t epoch = 0;
  chain.limit_memory(tolerance_at(plan, 0));
  while (epoch < plan.epochs && !clock.expired()) {
    const double share = static_cast<double>(epoch) / plan.epochs;
    const auto temperature = static_cast<float>(plan.hottest * std::pow(ratio, share));
    chain.sweep_loners(temperature);
    if (clock.timed()) {
      const double until = plan.seconds * (epoch + 1) / plan.epochs;
      do {
        chain.run(temperature, kGlance);
      } while (passed() < until && !clock.stopped());
      // A slow epoch must not stretch the descent: go on where time says.
      epoch = std::max(epoch + 1, static_cast<std::int32_t>(plan.epochs * passed() / plan.seconds));
    } else {
      chain.run(temperature, plan.visits_per_epoch);
      ++epoch;
    }
    on_epoch(chain);
    if (share >= plan.free_share) chain.follow_prices(plan.rule);
    const float tolerance = tolerance_at(plan, share);
    if (tolerance > 0) chain.limit_memory(tolerance);
  }
  if (clock.expired()) return;
  chain.sweep_loners(0);
  chain.run(0, kQuenchVisits * chain.policy().num_roots);
  on_epoch(chain);
}

}  // namespace warpshard
