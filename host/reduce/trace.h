#pragma once

#include <cstdint>
#include <vector>

namespace warpshard {

/// What the reductions did, step by step, in terms of the original nodes and strategies: enough for
/// others to do and check it again. A step holds for what the steps before it have left.
struct ReductionTrace {
  enum class Kind : char {
    kNotAllowed = 'f',  ///< strategy `second` of node `first` is not allowed, or beside nothing
    kDominated = 'd',   ///< it can always be replaced by strategy `third`
    kOverLimit = 'l',   ///< it does not fit beside all others' least usages
    kMerge = 'm',       ///< node `first` is a function of node `second` and merged into it
    kSplit = 's',       ///< the table between the two is a sum of terms of either
    kEliminate = 'e',   ///< node `first` is minimised out
    kTimes = 't',       ///< of the time points that were left only `times` are, in order
  };
  struct Step {
    Kind kind = Kind::kNotAllowed;
    std::int32_t first = 0;
    std::int32_t second = 0;
    std::int32_t third = 0;
    std::vector<std::int32_t> times;
  };

  std::vector<Step> steps;
};

}  // namespace warpshard
