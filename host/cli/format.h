#pragma once

#include <optional>
#include <string>

#include "host/model/cost.h"
#include "host/model/evaluator.h"
#include "host/model/problem.h"
#include "host/search/solver.h"

namespace warpshard::cli {

/// "1234", or "1234 and 2 forbidden entries".
std::string describe(const Cost& cost);

/// "3.21%": how far above the bound the cost is; empty where that says nothing.
std::string describe_gap(const Cost& cost, Int128 bound);

/// "   12.3 s  cost 1234  bound 1200  gap 2.83%  note".
std::string describe(const Progress& progress);

/// "peak usage 10 at time 3, limit 12".
std::string describe_usage(const Problem& problem, const Evaluation& evaluation);

}  // namespace warpshard::cli
