#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// A team of one group. Groups of a team work on the same thing, each knows its rank in it, and all
/// must call sync() together: what any of them wrote before, all see after.
struct Alone {
  WARPSHARD_HD static constexpr std::int32_t rank() { return 0; }
  WARPSHARD_HD static constexpr std::int32_t size() { return 1; }
  WARPSHARD_HD static void sync() {}
};

}  // namespace warpshard
