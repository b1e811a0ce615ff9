#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "warpshard/result.h"

namespace warpshard::io {

/// A file's bytes; an error, which names it, if it cannot be read, is none (a folder, a device) or
/// has more than `most` bytes.
Result<std::string> read_file(const std::string& path,
                              std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace warpshard::io
