#pragma once

#include <cstdint>
#include <cstring>

#include "kernels/portable.h"

namespace warpshard {

/// ln x for normal x >= 1, absolute error below 1e-4. Written in the group's vectors.
template <class Group>
WARPSHARD_HD typename Group::Float log_at_least_one(typename Group::Float x) {
  using Float = typename Group::Float;
  using Int = typename Group::Int;
  constexpr std::int32_t kMantissaBits = 23;
  constexpr std::int32_t kMantissa = (1 << kMantissaBits) - 1;
  constexpr std::int32_t kOne = 127 << kMantissaBits;  // the bits of 1.0F
  Int bits;
  std::memcpy(&bits, &x, sizeof(bits));
  const Int exponent = (bits - kOne) >> kMantissaBits;
  bits = (bits & kMantissa) | kOne;
  Float m;  // in [1, 2)
  std::memcpy(&m, &bits, sizeof(m));
  // Least-squares fit of log2 on [1, 2].
  Float log2 = Group::splat(-0.0800108719F);
  log2 = log2 * m + Group::splat(0.635511086F);
  log2 = log2 * m + Group::splat(-2.09940221F);
  log2 = log2 * m + Group::splat(4.04961683F);
  log2 = log2 * m + Group::splat(-2.50561464F);
  constexpr float kLn2 = 0.693147181F;
  return (log2 + Group::to_float(exponent)) * Group::splat(kLn2);
}

}  // namespace warpshard
