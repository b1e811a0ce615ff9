#pragma once

#include <cstdint>
#include <cstring>

#include "kernels/portable.h"

namespace warpshard {

/// e^x for x <= 0, relative error below 2e-6; 0 below about -87. Written in the group's vectors.
template <class Group>
WARPSHARD_HD typename Group::Float exp_nonpositive(typename Group::Float x) {
  using Float = typename Group::Float;
  using Int = typename Group::Int;
  constexpr float kLog2E = 1.44269504F;
  constexpr float kLeast = -126.0F;
  constexpr float kRound = 12582912.0F;  // 1.5 * 2^23: adding it rounds to the nearest integer
  constexpr std::int32_t kRoundBits = 0x4B400000;
  const Float y = Group::max(x * Group::splat(kLog2E), Group::splat(kLeast));
  const Float shifted = y + Group::splat(kRound);
  Int exponent;
  std::memcpy(&exponent, &shifted, sizeof(exponent));
  const Float f = y - (shifted - Group::splat(kRound));  // in [-1/2, 1/2]
  // Taylor series of 2^f.
  Float power = Group::splat(1.3333558e-3F);
  power = power * f + Group::splat(9.6181291e-3F);
  power = power * f + Group::splat(5.5504109e-2F);
  power = power * f + Group::splat(2.4022651e-1F);
  power = power * f + Group::splat(6.9314718e-1F);
  power = power * f + Group::splat(1.0F);
  Int bits;
  std::memcpy(&bits, &power, sizeof(bits));
  bits = bits + (exponent - kRoundBits) * (1 << 23);
  std::memcpy(&power, &bits, sizeof(power));
  return power;
}

}  // namespace warpshard
