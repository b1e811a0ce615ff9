#pragma once

#include <string>

#include "tests/cli/program.h"

namespace warpshard::test {

/// In the log just before the row of the first plan.
inline constexpr const char* kTableBegins = "visits/s";

/// Five nodes that a person can check by hand: the one cheapest plan within the limit is
/// [0, 0, 2, 1, 0], at 445; without a limit [0, 0, 1, 1, 0] at 415 would be.
std::string small_instance();

/// The same with a limit that no plan meets.
std::string infeasible_instance();

/// Writes an instance too large to be solved to a proof within the minutes a test may take, yet
/// loaded in a moment: a grid of nodes with random costs and a limit between least and most usage.
std::string write_grid_instance(const TemporaryFolder& folder);

}  // namespace warpshard::test
