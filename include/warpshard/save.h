#pragma once

#include <optional>
#include <string>

#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// Writes an instance as JSON that load_problem() reads back; gzip where `path` ends in ".gz".
/// Streams, so memory use does not depend on the size of the instance. Empty on success; on an
/// error the file may be left incomplete.
WARPSHARD_EXPORT std::optional<Error> save_problem(const Problem& problem, const std::string& path);

}  // namespace warpshard
