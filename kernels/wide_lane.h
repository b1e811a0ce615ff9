#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// Two vectors of a lane's side by side, in the form of a lane: where rows are long enough, what is
/// looked up once serves twice as many of their values.
template <typename Lane>
struct WideLane {
  static constexpr std::int32_t kStep = 2 * Lane::kStep;

  struct Float {
    typename Lane::Float low;
    typename Lane::Float high;

    WARPSHARD_HD friend Float operator+(const Float& a, const Float& b) {
      return {a.low + b.low, a.high + b.high};
    }
    WARPSHARD_HD friend Float operator-(const Float& a, const Float& b) {
      return {a.low - b.low, a.high - b.high};
    }
    WARPSHARD_HD friend Float operator*(const Float& a, const Float& b) {
      return {a.low * b.low, a.high * b.high};
    }
  };

  WARPSHARD_HD static Float load(const float* from) {
    return {Lane::load(from), Lane::load(from + Lane::kStep)};
  }
  WARPSHARD_HD static void store(float* to, const Float& value) {
    Lane::store(to, value.low);
    Lane::store(to + Lane::kStep, value.high);
  }
  WARPSHARD_HD static Float splat(float value) { return {Lane::splat(value), Lane::splat(value)}; }
  WARPSHARD_HD static Float min(const Float& a, const Float& b) {
    return {Lane::min(a.low, b.low), Lane::min(a.high, b.high)};
  }
};

}  // namespace warpshard
