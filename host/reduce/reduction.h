#pragma once

#include <string>

#include "host/model/stop_token.h"
#include "host/reduce/reducer.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// A verdict in words.
std::string describe(ReductionVerdict verdict);

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
/// The verdict is kStopped, and the reducer of no use, once `stop` has stopped.
Result<Reduction> reduce_problem(const Problem& problem, const StopToken& stop = {});

}  // namespace warpshard
