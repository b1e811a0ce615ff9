#pragma once

#include <string>

#include "host/model/model.h"
#include "warpshard/plan_store.h"
#include "warpshard/problem.h"

namespace warpshard::store {

/// `problem` is valid.
Keys keys_of(const Problem& problem);

/// Equal where reductions, forbidden entries being hard, leave the same model but for its constant.
/// Later versions may reduce further and then find other keys.
std::string core_key(const Model& model);

}  // namespace warpshard::store
