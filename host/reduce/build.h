#pragma once

#include "host/model/stop_token.h"
#include "host/reduce/state.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard::reduce {

/// The state that stands for an unreduced problem. Fails if an edge joins three or more nodes
/// of several strategies, or if sums of the instance's values would not fit in exact 64-bit
/// arithmetic.
///
/// Not hard: what a forbidden entry exceeds kForbidden by counts in the finite sum; where these
/// excesses make the sums too large, they are cut off (see EntryImport).
/// `threads`: the state's, and what building it may use; it is the same for any number.
Result<State> build_state(const Problem& problem, bool hard, int threads = 1,
                          const StopToken& stop = {});

}  // namespace warpshard::reduce
