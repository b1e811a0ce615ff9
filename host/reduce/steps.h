#pragma once

#include "host/model/stop_token.h"
#include "host/reduce/state.h"

namespace warpshard::reduce {

// The exact reductions. Each works off what changed since it last ran, keeps every optimum value
// (not every optimum), and returns true if it changed anything. When a domain runs empty it sets
// State::emptied and stops. When stopped it leaves the state in pieces, to be thrown away.

/// Drops values without an allowed partner across some link, to a fixed point. Hard only.
bool forbid(State& state, StopGlance& stop);

/// Merges each variable that is a function of a neighbour into it. Hard only.
bool follow(State& state, StopGlance& stop);

/// Adds up parallel links.
bool merge_parallel(State& state, StopGlance& stop);

/// Moves constant and separable links into costs, single values out of the problem, and minimises
/// out variables without memory that have at most two neighbours.
bool fold(State& state, StopGlance& stop);

/// Drops values that another value of the same variable can always replace.
/// Variables with large domains are left to the second function, which takes the time it takes.
bool dominance(State& state, StopGlance& stop);
bool dominance_of_large(State& state, StopGlance& stop);

/// Drops time points at which memory cannot run out unless it also does at another one.
bool reduce_times(State& state, StopGlance& stop);

/// Drops values that exceed the limit even with every other variable at its least usage.
bool reduce_by_capacity(State& state, StopGlance& stop);

}  // namespace warpshard::reduce
