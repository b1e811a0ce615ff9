#pragma once

#include <optional>
#include <string>

#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// Writes an instance as JSON that load_problem() reads back; gzip where `path` ends in ".gz".
/// Streams, so memory use does not depend on the size of the instance. Empty on success. A file
/// that is there is replaced as a whole at the end, so after an error it is what it was; devices,
/// pipes and /dev/fd/N are written as they are.
std::optional<Error> save_problem(const Problem& problem, const std::string& path);

}  // namespace warpshard
