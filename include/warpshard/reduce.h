#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// Size of the problem after one reduction, summed over all rounds of the fixed point.
struct ReductionStep {
  std::string name;            ///< "load", "forbid", "follow", "fold", ...
  std::int64_t variables = 0;  ///< after the step's last round
  std::int64_t values = 0;
  std::int64_t edges = 0;
  std::int64_t times = 0;
  double seconds = 0;
};

/// What the reductions learnt about the instance.
enum class ReductionVerdict {
  kOpen,                    ///< nothing decided
  kNoPlanWithoutForbidden,  ///< proved: every plan within the limit has forbidden entries
  kInfeasible,              ///< proved: no plan is within the limit at all
  kStopped,                 ///< told to stop before it was through
};

/// What the exact reductions make of an instance.
struct ReductionInfo {
  std::vector<ReductionStep> steps;  ///< sizes before ("load") and after each kind of step
  ReductionVerdict verdict = ReductionVerdict::kOpen;
  std::string description;  ///< of the verdict, for a person to read
  double seconds = 0;       ///< for everything
};

/// Reduces with forbidden entries as hard and, where that leaves no plan, once more without: the
/// verdict is then kNoPlanWithoutForbidden (or kInfeasible). Deterministic. Fails if an edge joins
/// three or more distinct nodes, or if sums of the instance's values do not fit 64 bits.
WARPSHARD_EXPORT Result<ReductionInfo> reduce_info(const Problem& problem);

}  // namespace warpshard
