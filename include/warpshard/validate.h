#pragma once

#include <optional>

#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// Checks all that solve() and the accessors of Problem rely on: arrays of agreeing sizes, offsets
/// that begin at 0, never fall and end where their array does, tables that exist, at least one node
/// and one strategy per node, no usage or limit below zero, node indices in range, every table as
/// large as the product of its nodes' strategy counts. The message names the place in the file, as
/// load_problem()'s messages do, or the array. Reads every usage and edge, no table's entries.
WARPSHARD_EXPORT std::optional<Error> validate(const Problem& problem);

}  // namespace warpshard
