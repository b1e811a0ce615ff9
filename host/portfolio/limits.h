#pragma once

#include <optional>

#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// Why no chain can search the instance: a node has more strategies than a state has room for.
/// Nothing if it can. Loading, evaluating and bounding have no such limit.
std::optional<Error> refuse_search(const Problem& problem);

}  // namespace warpshard
