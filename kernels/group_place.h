#pragma once

#include <cstdint>

namespace warpshard {

/// Where a lane stands among the lanes of its group that raised a flag.
struct GroupPlace {
  std::int32_t before = 0;  ///< lanes of lower rank that raised it
  std::int32_t total = 0;   ///< lanes that raised it
};

}  // namespace warpshard
