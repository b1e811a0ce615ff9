#pragma once

#include <cstdint>
#include <functional>

#include "host/portfolio/clock.h"
#include "host/portfolio/core.h"
#include "host/portfolio/incumbent.h"
#include "host/search/chain.h"
#include "host/search/policy_book.h"

namespace warpshard {

/// Stands for no limit on memory: usage may exceed each capacity by this many times the capacity.
inline constexpr float kFreeTolerance = 4.0F;

/// One descent of a chain from hot to cold.
struct AnnealingPlan {
  float hottest = 1;      ///< cost units
  float coldest = 0.01F;  ///< cost units; the temperature falls geometrically between the two
  double seconds = 1;     ///< how long, if the clock is timed
  std::int64_t visits_per_epoch = 1000;  ///< otherwise: work per epoch
  std::int32_t epochs = 300;             ///< price steps on the way
  /// Share of the descent in which prices stay and memory is left to them alone. While a chain is
  /// hot, entropy fills memory whatever it costs; prices that answered to that would never recover.
  double free_share = 0;
  /// Share of a capacity that usage may exceed it by at first; falls to nothing at half time.
  float tolerance = 0;
  PriceRule rule;
};

/// A descent over `core` under a policy, for `seconds` or for as many epochs as the clock allows.
/// `cost` is that of a plan, about.
AnnealingPlan plan_descent(const RoundPolicy& policy, const Core& core, const SearchClock& clock,
                           double cost, double seconds);

/// About what a good assignment costs, at least 1: a first plan may cost many times as much, and a
/// decoding disregards memory; the less of the two has the right magnitude. Where the clock counts
/// work, the decoding alone: which plans there are by now depends on other threads.
double typical_cost(const Core& core, const Assignment& decoding, const IncumbentPool& pool,
                    const SearchClock& clock);

/// What is left of the plan's tolerance after a share of the descent.
float tolerance_at(const AnnealingPlan& plan, double share);

/// Runs the plan and ends with moves that only make the chain cheaper; after every epoch `on_epoch`
/// sees the chain. Ends early when the clock expires.
void anneal(Chain& chain, const AnnealingPlan& plan, const SearchClock& clock,
            const std::function<void(Chain&)>& on_epoch);

}  // namespace warpshard
