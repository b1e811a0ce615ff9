#include "host/reduce/reduction.h"

#include <chrono>
#include <utility>

namespace warpshard {

std::string describe(ReductionVerdict verdict) {
  switch (verdict) {
    case ReductionVerdict::kInfeasible:
      return "no plan is within the limit";
    case ReductionVerdict::kNoPlanWithoutForbidden:
      return "every plan within the limit has forbidden entries";
    case ReductionVerdict::kStopped:
      return "stopped";
    case ReductionVerdict::kOpen:
      break;
  }
  return "open";
}

std::string Reduction::description() const {
  const bool none_allowed = verdict == ReductionVerdict::kOpen && allow_forbidden;
  return describe(none_allowed ? ReductionVerdict::kNoPlanWithoutForbidden : verdict);
}

Result<Reduction> reduce_problem(const Problem& problem, const StopToken& stop) {
  const auto start = std::chrono::steady_clock::now();
  auto verdict = ReductionVerdict::kNoPlanWithoutForbidden;
  bool allow_forbidden = false;
  while (true) {
    auto reducer = Reducer::create(problem, {.allow_forbidden = allow_forbidden}, stop);
    if (!reducer) return reducer.error();
    verdict = reducer->run(stop);
    if (verdict == ReductionVerdict::kNoPlanWithoutForbidden && !allow_forbidden) {
      allow_forbidden = true;
      continue;
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    return Reduction{std::move(*reducer), verdict, allow_forbidden, spent.count()};
  }
}

}  // namespace warpshard
