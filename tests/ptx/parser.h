#pragma once

#include <string_view>

#include "tests/ptx/kernel.h"
#include "tests/ptx/source.h"

namespace warpshard::ptx {

/// Parses an entry. Throws std::runtime_error at what the interpreter does not know.
Kernel parse(const EntrySource& source);

/// Parses the only entry of a module.
Kernel parse_only(std::string_view module);

}  // namespace warpshard::ptx
