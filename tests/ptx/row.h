#pragma once

#include <array>
#include <cstdint>

namespace warpshard::ptx {

inline constexpr int kLanes = 32;
/// A set of lanes, one bit each.
using Lanes = std::uint32_t;
inline constexpr Lanes kAllLanes = 0xFFFFFFFFU;

/// One register of a warp, [lanes]: its bits, zeros above its width.
using Row = std::array<std::uint64_t, kLanes>;

inline bool holds(Lanes lanes, int lane) {
  return (lanes >> lane & 1U) != 0;
}

}  // namespace warpshard::ptx
