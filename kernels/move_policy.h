#pragma once

#include <cstdint>

#include "kernels/grown_tree.h"
#include "kernels/portable.h"

namespace warpshard {

/// Which moves a chain proposes. Roots are the variables with neighbours; the others are loners.
struct MovePolicy {
  const std::int32_t* roots = nullptr;  ///< [num_roots]
  std::int32_t num_roots = 0;
  const std::int32_t* loners = nullptr;  ///< [num_loners]
  std::int32_t num_loners = 0;
  std::int32_t least_log2_tree = 0;  ///< block sizes are powers of two, drawn evenly in the
  std::int32_t most_log2_tree = 8;   ///< exponent; size one is a flip

  /// True if there are such block sizes, and room for them in MoveScratch.
  WARPSHARD_HD bool valid() const {
    return 0 <= least_log2_tree && least_log2_tree <= most_log2_tree &&
           most_log2_tree <= TreeRoom::kMaxLog2Tree;
  }
};

}  // namespace warpshard
