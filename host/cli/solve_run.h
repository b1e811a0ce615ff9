#pragma once

#include "host/cli/run_options.h"

namespace warpshard::cli {

/// Loads, solves and prints as the contest demands: log lines that start with '#', then the plan
/// (or "[]") on the last line at most half a second after the limit, whatever happens meanwhile.
/// With an output file the plan goes there instead. Returns the exit status.
int run_solver(const RunOptions& options);

}  // namespace warpshard::cli
