#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "warpshard/cost.h"

namespace warpshard::fuzz {

/// Reads numbers off the input; zeros after its end.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::uint8_t next() { return position_ < size_ ? data_[position_++] : 0; }
  int below(int bound) { return next() % bound; }

  std::int64_t cost() {
    constexpr std::array<std::int64_t, 16> kOdd = {
        kForbidden,      kForbidden - 1,    kForbidden + 1, INT64_MAX,    INT64_MAX - 1,  INT64_MIN,
        INT64_MIN + 1,   kForbidden / 2,    -kForbidden,    -1,           kForbidden / 4, 1 << 30,
        -kForbidden / 4, kForbidden + 1000, INT64_MAX / 2,  INT64_MIN / 2};
    const std::uint8_t byte = next();
    if (byte < 200) return byte % 10;
    if (byte < 224) return kForbidden;
    return kOdd[byte % kOdd.size()];
  }
  std::int64_t usage() {
    const std::uint8_t byte = next();
    if (byte < 240) return byte % 7;
    return byte % 2 == 0 ? INT64_MAX : INT64_MAX / 4;
  }
  std::int64_t time() {
    constexpr std::array<std::int64_t, 4> kFar = {INT64_MIN, -(std::int64_t{1} << 62),
                                                  std::int64_t{1} << 62, INT64_MAX};
    const std::uint8_t byte = next();
    return byte < 240 ? byte % 8 : kFar[byte % kFar.size()];
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t position_ = 0;
};

}  // namespace warpshard::fuzz
