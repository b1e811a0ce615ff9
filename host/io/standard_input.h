#pragma once

#include "warpshard/load.h"
#include "warpshard/plan.h"

namespace warpshard::io {

/// What messages call it.
inline constexpr const char* kStandardInput = "standard input";

// As load_problem(), load_plan() and load_hint(), from standard input.
Result<Problem> load_problem_from_standard_input(const LoadOptions& options);
Result<Plan> load_plan_from_standard_input();
Result<Plan> load_hint_from_standard_input();

}  // namespace warpshard::io
