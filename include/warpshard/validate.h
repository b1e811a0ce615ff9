#pragma once

#include <optional>

#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// Checks that the parts of a Problem agree: at least one strategy per node, no usage below zero,
/// node indices in range, every table as large as the product of its nodes' strategy counts.
/// The message names the place in the file, as load_problem()'s messages do.
std::optional<Error> validate(const Problem& problem);

}  // namespace warpshard
