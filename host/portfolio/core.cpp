#include "host/portfolio/core.h"

#include <stdexcept>
#include <utility>

namespace warpshard {
namespace {

/// Runs the reducer and makes a core of what it leaves.
ReducedInstance reduced_by(Reducer reducer, const ReducerOptions& options, ReductionExtent extent,
                           CoreOrigin origin, const StopToken& stop) {
  ReducedInstance result;
  result.verdict = reducer.run(stop, extent);
  if (result.verdict != ReductionVerdict::kOpen) return result;
  Model model = reducer.model(stop);
  if (stop.stopped()) return result;
  try {
    auto core = std::make_shared<Core>(std::move(reducer), std::move(model),
                                       options.allow_forbidden, options.threads, stop);
    core->origin = origin;
    if (!stop.stopped()) result.core = std::move(core);
  } catch (const std::length_error& error) {
    result.failure = error.what();
  }
  return result;
}

}  // namespace

ReducedInstance reduce_instance(const Problem& problem, bool allow_forbidden, int threads,
                                const StopToken& stop, ReductionExtent extent) {
  ReducerOptions options;
  options.allow_forbidden = allow_forbidden;
  options.threads = threads;
  auto reducer = Reducer::create(problem, options, stop);
  if (!reducer) {
    ReducedInstance result;
    if (!stop.stopped()) result.failure = reducer.error().message;
    return result;
  }
  const bool all = extent == ReductionExtent::kAll;
  return reduced_by(*std::move(reducer), options, extent,
                    all ? CoreOrigin::kReduced : CoreOrigin::kEarly, stop);
}

ReducedInstance complete_core(const Core& early, int threads, const StopToken& stop) {
  ReducerOptions options;
  options.allow_forbidden = early.allows_forbidden;
  options.threads = threads;
  return reduced_by(early.reducer, options, ReductionExtent::kAll, CoreOrigin::kCompleted, stop);
}

CorePointer shrunken_core(const Core& core, const ValueList& removed, const StopToken& stop) {
  Reducer reducer = core.reducer;
  reducer.remove_values(removed);
  if (reducer.run(stop) != ReductionVerdict::kOpen || stop.stopped()) return nullptr;
  Model model = reducer.model(stop);
  if (stop.stopped()) return nullptr;
  auto smaller = std::make_shared<Core>(std::move(reducer), std::move(model), core.allows_forbidden,
                                        /*threads=*/1, stop);
  if (stop.stopped()) return nullptr;
  smaller->origin = core.origin;
  smaller->removals = core.removals;
  smaller->removals.push_back(removed);
  return smaller;
}

}  // namespace warpshard
