#include "warpshard/reduce.h"

#include "host/reduce/reduction.h"

namespace warpshard {

Result<ReductionInfo> reduce_info(const Problem& problem) {
  const auto reduction = reduce_problem(problem);
  if (!reduction) return reduction.error();
  ReductionInfo info;
  info.steps = reduction->reducer.steps();
  info.verdict = reduction->verdict;
  if (reduction->allow_forbidden && info.verdict == ReductionVerdict::kOpen)
    info.verdict = ReductionVerdict::kNoPlanWithoutForbidden;
  info.description = reduction->description();
  info.seconds = reduction->seconds;
  return info;
}

}  // namespace warpshard
