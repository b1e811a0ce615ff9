#pragma once

#include <string>

#include "host/reduce/reducer.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// An instance after the exact reductions.
struct Reduction {
  Reducer reducer;
  ReductionVerdict verdict = ReductionVerdict::kOpen;
  /// True if every plan within the limit has forbidden entries (proved), so that they are allowed.
  bool allow_forbidden = false;
  double seconds = 0;  ///< for everything

  /// The verdict in words.
  std::string description() const;
};

/// Reduces with forbidden entries as hard and, where that leaves no plan, once more without.
/// Deterministic: the same instance gives the same model. Fails as Reducer::create() does.
Result<Reduction> reduce_problem(const Problem& problem);

}  // namespace warpshard
