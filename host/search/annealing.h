#pragma once

#include <cstdint>
#include <functional>

#include "host/search/chain.h"
#include "host/search/clock.h"

namespace warpshard {

/// One descent of a chain from hot to cold.
struct AnnealingPlan {
  float hottest = 1;      ///< cost units
  float coldest = 0.01F;  ///< cost units; the temperature falls geometrically between the two
  double seconds = 1;     ///< how long, if the clock is timed
  std::int64_t visits_per_epoch = 1000;  ///< otherwise: work per epoch
  std::int32_t epochs = 300;             ///< price steps on the way
  /// Share of a capacity that usage may exceed it by at first; falls to nothing at half time.
  float tolerance = 0;
  PriceRule rule;
};

/// Runs the plan; after every epoch `on_epoch` sees the chain. Ends early when the clock expires.
void anneal(Chain& chain, const AnnealingPlan& plan, const SearchClock& clock,
            const std::function<void(Chain&)>& on_epoch);

}  // namespace warpshard
