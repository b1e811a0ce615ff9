#pragma once

#include <optional>
#include <string>

#include "warpshard/cost.h"
#include "warpshard/evaluate.h"
#include "warpshard/problem.h"
#include "warpshard/solve.h"

namespace warpshard::cli {

/// "1234", or "1234 and 2 forbidden entries".
std::string describe(const Cost& cost);

/// "3.21%": how far above the bound the cost is; empty where that says nothing.
std::string describe_gap(const Cost& cost, const Cost& bound);

/// "   12.3 s".
std::string describe_time(double seconds);

/// "1.25M": a count or a rate in four digits at most and a unit (k, M, G).
std::string describe_count(double count);

/// The columns of table_row().
std::string table_header();

/// "   12.3 s               1234               1200     2.833%     1.25M  note"; "-" stands for
/// what is not known.
std::string table_row(const Progress& progress, std::optional<double> visits_per_second);

/// "cost 1234  gap 2.83%  1.25M visits/s": as much of it as is known.
std::string describe_standing(const Progress& progress, std::optional<double> visits_per_second);

/// "peak usage 10 at time 3, limit 12".
std::string describe_usage(const Problem& problem, const Evaluation& evaluation);

}  // namespace warpshard::cli
