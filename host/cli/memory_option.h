#pragma once

#include <cstdint>

#include "host/cli/option_parser.h"

namespace warpshard::cli {

/// --memory: a number of bytes; K, KiB, M, ... T, TiB stand for powers of 1024, KB, MB, GB, TB for
/// powers of 1000.
void add_memory_option(CLI::App& app, std::int64_t& bytes);

/// Most of what the machine has, or of what the process's control group or address space may have
/// where that is less, in bytes.
std::int64_t default_memory();

/// What this process has now, in bytes.
std::int64_t resident_memory();

}  // namespace warpshard::cli
