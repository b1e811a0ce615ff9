#pragma once

#include <span>
#include <vector>

#include "host/portfolio/core.h"
#include "host/portfolio/guide.h"
#include "warpshard/solve.h"

namespace warpshard {

/// Prices of an AscentState on a core, in the problem's own terms.
std::vector<TimePrice> prices_of(const Core& core, std::span<const float> prices);

/// A guide's prices, in the problem's own terms: whatever its core has left out is left out.
std::vector<TimePrice> prices_of(const Guide& guide);

/// [times of the core] prices as DualAscent takes them. A time that the core does not watch gives
/// its price to the nearest one that it does.
std::vector<float> prices_at_times(const Core& core, std::span<const TimePrice> prices);

}  // namespace warpshard
