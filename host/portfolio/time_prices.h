#pragma once

#include <span>
#include <vector>

#include "host/portfolio/core.h"
#include "host/portfolio/guide.h"
#include "warpshard/solve.h"

namespace warpshard {

/// Prices of an ascent on the core, in the problem's own terms: whatever the core has left out is
/// left out.
std::vector<TimePrice> prices_of(const Core& core, const AscentState& state);

/// [times of the core] prices as DualAscent takes them. A time that the core does not watch gives
/// its price to the nearest one that it does.
std::vector<float> prices_at_times(const Core& core, std::span<const TimePrice> prices);

}  // namespace warpshard
