#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

namespace warpshard::cli {

/// --memory: a number of bytes, or of K, M, G or T (powers of 1024).
void add_memory_option(CLI::App& app, std::int64_t& bytes);

/// Most of what the machine has, or of what the process's control group or address space may have
/// where that is less, in bytes.
std::int64_t default_memory();

/// What this process has now, in bytes.
std::int64_t resident_memory();

}  // namespace warpshard::cli
