#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// Where a lane stands among the lanes of its group that raised a flag, or amounts that lanes have.
struct GroupPlace {
  std::int32_t before = 0;  ///< lanes of lower rank that raised it, or what they have
  std::int32_t total = 0;   ///< lanes that raised it, or what all have
};

/// The sum as 32 bits hold it.
WARPSHARD_HD constexpr std::int32_t wrapping_sum(std::int32_t a, std::int32_t b) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
}

}  // namespace warpshard
