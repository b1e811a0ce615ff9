#include "host/model/range_minimum.h"
#include "host/reduce/steps.h"

namespace warpshard::reduce {

bool reduce_by_capacity(State& state, StopGlance& stop) {
  state.capacity_stale = false;
  const auto count = static_cast<std::int32_t>(state.variables.size());
  state.profile_all(stop.token());
  state.settle_capacity();
  if (state.emptied || state.capacity.empty()) return state.emptied;
  const RangeMinimum slack(state.capacity);
  bool changed = false;
  for (std::int32_t v = 0; v < count && !stop.stopped(); ++v) {
    const Variable& variable = state.variables[v];
    for (std::size_t i = 0; i < variable.pieces.size(); ++i) {
      const std::int64_t most = slack.over(variable.pieces[i].begin, variable.pieces[i].end);
      const auto usage = variable.usage_of(i);
      for (std::int32_t a = 0; a < variable.domain(); ++a) {
        if (usage[a] <= most) continue;
        state.doom(v, a, ReductionTrace::Kind::kOverLimit);
        changed = true;
      }
    }
  }
  return changed;
}

}  // namespace warpshard::reduce
