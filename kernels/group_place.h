#pragma once

#include <cstdint>

namespace warpshard {

/// Where a lane stands among the lanes of its group that raised a flag, or amounts that lanes have.
struct GroupPlace {
  std::int32_t before = 0;  ///< lanes of lower rank that raised it, or what they have
  std::int32_t total = 0;   ///< lanes that raised it, or what all have
};

}  // namespace warpshard
