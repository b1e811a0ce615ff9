#pragma once

#include <string>

#include "host/model/problem.h"
#include "host/model/result.h"

namespace warpshard {

/// Reads and validates an instance: JSON, plain or gzip (recognised by content), keys in any order.
/// An error names the file, what is wrong and where in the document (for example
/// "k.json: problem.edges.costs[17]: 12 entries, expected 16").
Result<Problem> load_problem(const std::string& path);

}  // namespace warpshard
