#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "warpshard/cost.h"
#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// What a plan costs and uses; exact. Shares no code with the search.
struct Evaluation {
  Cost cost;
  Int128 peak_usage = 0;        ///< memory units
  std::int64_t peak_time = 0;   ///< first time at which the peak is reached; 0 if none is live
  std::int64_t violations = 0;  ///< number of time points at which usage exceeds the limit
                                ///< (distinct interval ends between which usage is constant)
  bool within_limit = true;     ///< usage never exceeds the limit (true without a limit)
};

/// Evaluates `plan` (one strategy per node). Fails if its length or a strategy is out of range.
WARPSHARD_EXPORT Result<Evaluation> evaluate(const Problem& problem,
                                             std::span<const std::int32_t> plan);

/// From `time` until the next step, `usage` memory units are in use.
struct UsageStep {
  std::int64_t time = 0;
  Int128 usage = 0;
};

/// Usage of a valid plan over time: one step per distinct interval end, in order of time; none is
/// in use before the first one. `plan` is [nodes].
WARPSHARD_EXPORT std::vector<UsageStep> usage_over_time(const Problem& problem,
                                                        std::span<const std::int32_t> plan);

}  // namespace warpshard
