#pragma once

#include <functional>

#include "warpshard/problem.h"
#include "warpshard/solve.h"
#include "warpshard/warpshard.h"

namespace warpshard::api {

using Search =
    std::function<SolverResult(const Problem&, const SolverOptions&, const SolverCallbacks&)>;

/// A C function's call of a search: with the options and callbacks that the C caller chose, and
/// seconds that count from here. No exception leaves it.
warpshard_status solve_by(const Search& search, const warpshard_problem* problem,
                          const warpshard_options* options, warpshard_result** out) noexcept;

}  // namespace warpshard::api
