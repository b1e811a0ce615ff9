#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// Four random words for a counter and a key: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel
/// random numbers: as easy as 1, 2, 3", SC 2011, table 2).
struct Philox {
  std::uint32_t words[4];

  WARPSHARD_HD static Philox block(std::uint64_t counter_low, std::uint64_t counter_high,
                                   std::uint64_t key) {
    std::uint32_t c[4] = {
        static_cast<std::uint32_t>(counter_low), static_cast<std::uint32_t>(counter_low >> 32),
        static_cast<std::uint32_t>(counter_high), static_cast<std::uint32_t>(counter_high >> 32)};
    auto k0 = static_cast<std::uint32_t>(key);
    auto k1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t p0 = std::uint64_t{0xD2511F53U} * c[0];
      const std::uint64_t p1 = std::uint64_t{0xCD9E8D57U} * c[2];
      const std::uint32_t next0 = static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0;
      const std::uint32_t next2 = static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1;
      c[1] = static_cast<std::uint32_t>(p1);
      c[3] = static_cast<std::uint32_t>(p0);
      c[0] = next0;
      c[2] = next2;
      k0 += 0x9E3779B9U;
      k1 += 0xBB67AE85U;
    }
    return Philox{{c[0], c[1], c[2], c[3]}};
  }
};

/// A chain's random stream: the words of (seed, chain, 0), (seed, chain, 1), ...
class RandomStream {
 public:
  WARPSHARD_HD RandomStream(std::uint64_t seed, std::uint64_t chain, std::uint64_t position = 0)
      : seed_(seed), chain_(chain), position_(position) {}

  WARPSHARD_HD std::uint32_t word() {
    if (used_ == 4) {
      buffer_ = Philox::block(position_++, chain_, seed_);
      used_ = 0;
    }
    return buffer_.words[used_++];
  }

  /// Two words, as a seed for other streams.
  WARPSHARD_HD std::uint64_t seed() {
    const std::uint64_t upper = word();
    return upper << 32 | word();
  }

  /// Words 4 * number to 4 * number + 3 of the stream from its beginning, wherever it stands.
  WARPSHARD_HD Philox block(std::uint64_t number) const {
    return Philox::block(number, chain_, seed_);
  }

  /// Uniform on [0, bound); bound > 0. Lemire's multiplication, without his rejection step: the
  /// bias is below bound / 2^32.
  WARPSHARD_HD std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((std::uint64_t{word()} * bound) >> 32);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t chain_;
  std::uint64_t position_;
  Philox buffer_{};
  std::uint32_t used_ = 4;
};

}  // namespace warpshard
