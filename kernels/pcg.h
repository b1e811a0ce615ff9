#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// Random words one after the other, for little each: PCG-XSH-RR 64/32 (O'Neill: "PCG: A family of
/// simple fast space-efficient statistically good algorithms for random number generation",
/// HMC-CS-2014-0905).
class Pcg {
 public:
  WARPSHARD_HD explicit Pcg(std::uint64_t seed) : state_(seed) { word(); }

  WARPSHARD_HD std::uint32_t word() {
    const std::uint64_t before = state_;
    state_ = before * 6364136223846793005U + 1442695040888963407U;
    const auto folded = static_cast<std::uint32_t>((before >> 18 ^ before) >> 27);
    const auto turn = static_cast<std::uint32_t>(before >> 59);
    return folded >> turn | folded << (-turn & 31U);
  }

  /// Uniform on [0, bound); bound > 0. As RandomStream::below().
  WARPSHARD_HD std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((std::uint64_t{word()} * bound) >> 32);
  }

 private:
  std::uint64_t state_;
};

}  // namespace warpshard
