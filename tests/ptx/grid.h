#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tests/ptx/kernel.h"
#include "tests/ptx/monitor.h"

namespace warpshard::ptx {

/// Of one dimension, as all of the project's.
struct GridShape {
  std::int32_t blocks = 1;
  std::int32_t threads_per_block = kLanes;  ///< a multiple of kLanes
  std::int64_t dynamic_shared_bytes = 0;    ///< per block
};

/// Runs a kernel, so many of its blocks at a time as one multiprocessor holds. `parameters` holds
/// the arguments where Kernel::parameter_offsets says; pointers are the host's. Throws
/// std::runtime_error if a warp cannot go on.
void run_grid(const Kernel& kernel, const GridShape& shape, std::span<const std::byte> parameters,
              Monitor& monitor);

}  // namespace warpshard::ptx
