#pragma once

#include "host/model/model.h"
#include "host/verify/core_problem.h"

namespace warpshard {

/// A checked core as the model that bounds are raised on: the same variables, values, edges and
/// time points; lists and tables are lowered by their least finite entries, equal tables are one.
Model model_of(const verify::CoreProblem& core);

}  // namespace warpshard
