#pragma once

#include "host/cli/run_log.h"
#include "host/cli/run_options.h"
#include "warpshard/cost.h"
#include "warpshard/problem.h"
#include "warpshard/solve.h"

namespace warpshard::cli {

/// solve() with the store that the options name. Where a plan is required it comes from there, or
/// the result has none and its message says why. What the store cannot do is logged: it costs no
/// plan.
SolverResult solve_stored(const RunOptions& options, const Problem& problem,
                          const SolverOptions& solving, const SolverCallbacks& callbacks,
                          RunLog& log);

/// Adds the proof that the options name a file for to their store, with the bound it shows.
void store_proof(const RunOptions& options, const Problem& problem, const Cost& bound, RunLog& log);

}  // namespace warpshard::cli
