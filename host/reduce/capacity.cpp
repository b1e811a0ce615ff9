#include <algorithm>
#include <bit>

#include "host/reduce/steps.h"

namespace warpshard::reduce {

namespace {

/// Least entry over any range in constant time (a sparse table).
class RangeMinimum {
 public:
  explicit RangeMinimum(const std::vector<std::int64_t>& values) {
    levels_.push_back(values);
    for (std::size_t width = 2; width <= values.size(); width *= 2) {
      const auto& below = levels_.back();
      std::vector<std::int64_t> level(values.size() - width + 1);
      for (std::size_t i = 0; i < level.size(); ++i)
        level[i] = std::min(below[i], below[i + width / 2]);
      levels_.push_back(std::move(level));
    }
  }

  /// Over [begin, end), not empty.
  std::int64_t over(std::int32_t begin, std::int32_t end) const {
    const std::uint32_t width = std::bit_floor(static_cast<std::uint32_t>(end - begin));
    const auto& level = levels_[std::countr_zero(width)];
    return std::min(level[begin], level[static_cast<std::uint32_t>(end) - width]);
  }

 private:
  std::vector<std::vector<std::int64_t>> levels_;
};

}  // namespace

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
