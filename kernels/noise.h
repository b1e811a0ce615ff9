#pragma once

#include <cstdint>

#include "kernels/philox.h"
#include "kernels/portable.h"

namespace warpshard {

/// A table of standard Gumbel variates. Adding independent Gumbel noise, scaled by a temperature,
/// to negated costs and taking the best draws from the Boltzmann distribution over the values.
/// Instead of logarithms per value, a row of noise is a window of the table at a random place.
struct NoiseView {
  static constexpr std::uint32_t kEntries = 8192;  ///< a power of two
  static constexpr std::uint32_t kApart = 4;       ///< windows begin at multiples of this
  const float* gumbel = nullptr;                   ///< [kEntries + longest row]

  /// Noise for one row of values.
  WARPSHARD_HD const float* window(std::uint32_t word) const {
    return gumbel + (word & (kEntries - kApart));
  }
};

}  // namespace warpshard
