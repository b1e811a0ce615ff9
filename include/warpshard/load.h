#pragma once

#include <cstdint>
#include <string>

#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// Reads and validates an instance: JSON, plain or gzip (recognised by content), keys in any order.
/// Unknown keys are skipped, with no more than a check of their brackets; a known key that appears
/// twice is an error. Without a usage limit, or with null for it, usage is unlimited.
///
/// The file goes through a window of some 256 KiB, so memory is that of the Problem plus the text
/// of its distinct tables, whatever the size of the file. One list may take 1 GiB of text at most.
///
/// An instance that takes more than `memory_limit` bytes is refused while it is read, from a pipe
/// and from a file that unpacks to many times its size as well; 0 stands for what the machine has.
///
/// An error names the file, what is wrong and where in the document (for example
/// "k.json: problem.edges.costs[17]: 12 entries, expected 16", or "...costs[17][3]: not a 64-bit
/// integer").
WARPSHARD_EXPORT Result<Problem> load_problem(const std::string& path,
                                              std::int64_t memory_limit = 0);

}  // namespace warpshard
