#include "host/portfolio/core.h"

#include <stdexcept>
#include <utility>

namespace warpshard {

ReducedInstance reduce_instance(const Problem& problem, bool allow_forbidden, int threads,
                                const StopToken& stop) {
  ReducedInstance result;
  ReducerOptions options;
  options.allow_forbidden = allow_forbidden;
  options.threads = threads;
  auto reducer = Reducer::create(problem, options, stop);
  if (!reducer) {
    if (!stop.stopped()) result.failure = reducer.error().message;
    return result;
  }
  result.verdict = reducer->run(stop);
  if (result.verdict != ReductionVerdict::kOpen) return result;
  Model model = reducer->model(stop);
  if (stop.stopped()) return result;
  try {
    auto core = std::make_shared<Core>(*std::move(reducer), std::move(model), allow_forbidden,
                                       threads, stop);
    if (!stop.stopped()) result.core = std::move(core);
  } catch (const std::length_error& error) {
    result.failure = error.what();
  }
  return result;
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
  smaller->removals = core.removals;
  smaller->removals.push_back(removed);
  return smaller;
}

}  // namespace warpshard
