#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/ptx/grid.h"
#include "tests/ptx/kernel.h"

namespace warpshard::ptx {

/// A kernel around some instructions. They find operands in %rd1 and %rd2, also cut to 32 bits in
/// %r1 and %r2, and leave their result in %rd3. Registers %p, %rs, %r, %f, %rd, %fd up to 30 are
/// free from number 4 on; `directives` may declare more.
Kernel snippet(const std::string& instructions, const std::string& directives = "");

/// Results of all threads of a grid, [threads], from operands, [threads] each; missing ones are 0.
std::vector<std::uint64_t> run_snippet(const Kernel& kernel, const GridShape& shape,
                                       std::vector<std::uint64_t> a = {},
                                       std::vector<std::uint64_t> b = {});

/// The same for one warp that all get the same.
std::uint64_t result_of(const std::string& instructions, std::uint64_t a = 0, std::uint64_t b = 0);

/// Runs it with a monitor.
void watch_snippet(const Kernel& kernel, const GridShape& shape, Monitor& monitor);

}  // namespace warpshard::ptx
