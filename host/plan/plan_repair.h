#pragma once

#include <cstdint>
#include <span>

#include "host/model/stop_token.h"
#include "warpshard/problem.h"
#include "warpshard/repair.h"

namespace warpshard {

/// As without a token. When stopped, the plan may exceed the limit, and `within_limit` says so.
RepairedPlan repair_plan(const Problem& problem, std::span<const std::int32_t> entries,
                         const StopToken& stop);

/// A plan for want of time: each node takes the strategy that costs least with the nodes before it;
/// what exceeds the limit then is repaired. If that is not done when stopped, each node has the
/// strategy that uses least instead.
RepairedPlan greedy_plan(const Problem& problem, const StopToken& stop);

}  // namespace warpshard
