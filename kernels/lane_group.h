#pragma once

#include <cstdint>

#include "kernels/group_place.h"
#include "kernels/portable.h"

namespace warpshard {

/// A lane of a warp by itself, which takes four values of a row at a time. What the lanes of a
/// group do each for itself is written for the group's Lane: this, or SerialGroup, which is its
/// own.
struct LaneGroup {
  static constexpr std::int32_t kStep = 4;
  using Lane = LaneGroup;
  /// Lanes share out the values of a tree level by level; see TreeView.
  static constexpr bool kByLevels = true;

  /// Four entries of a row, which is aligned to as many.
  struct alignas(16) Float {
    float x = 0;
    float y = 0;
    float z = 0;
    float w = 0;

    WARPSHARD_HD friend Float operator+(const Float& a, const Float& b) {
      return {a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w};
    }
    WARPSHARD_HD friend Float operator-(const Float& a, const Float& b) {
      return {a.x - b.x, a.y - b.y, a.z - b.z, a.w - b.w};
    }
    WARPSHARD_HD friend Float operator*(const Float& a, const Float& b) {
      return {a.x * b.x, a.y * b.y, a.z * b.z, a.w * b.w};
    }
  };

  WARPSHARD_HD static constexpr std::int32_t rank() { return 0; }
  WARPSHARD_HD static constexpr std::int32_t size() { return 1; }
  WARPSHARD_HD static void sync() {}
  WARPSHARD_HD static std::int64_t sum(std::int64_t value) { return value; }
  WARPSHARD_HD static GroupPlace place(bool flag) { return {0, flag ? 1 : 0}; }
  WARPSHARD_HD static GroupPlace prefix_sum(std::int32_t amount) { return {0, amount}; }

  WARPSHARD_HD static Float load(const float* from) {
    return *reinterpret_cast<const Float*>(from);
  }
  WARPSHARD_HD static float entry(const Float& four, std::int32_t i) {
    return i == 0 ? four.x : i == 1 ? four.y : i == 2 ? four.z : four.w;
  }
  WARPSHARD_HD static void store(float* to, const Float& value) {
    *reinterpret_cast<Float*>(to) = value;
  }
  WARPSHARD_HD static Float splat(float value) { return {value, value, value, value}; }
  WARPSHARD_HD static Float min(const Float& a, const Float& b) {
    return {least(a.x, b.x), least(a.y, b.y), least(a.z, b.z), least(a.w, b.w)};
  }

  /// Rounds once, so that a weight of 1 makes it a sum.
  WARPSHARD_HD static Float add_weighted(const Float& sum, const Float& more, float weight) {
    return {__builtin_fmaf(more.x, weight, sum.x), __builtin_fmaf(more.y, weight, sum.y),
            __builtin_fmaf(more.z, weight, sum.z), __builtin_fmaf(more.w, weight, sum.w)};
  }

  /// Lowers `best` to the first of the least of four scores, of values d to d + 3, if that is less,
  /// and then says where it is.
  WARPSHARD_HD static void take_least(const Float& four, std::int32_t d, float& best,
                                      std::int32_t& at) {
    take_less(four.x, d, best, at);
    take_less(four.y, d + 1, best, at);
    take_less(four.z, d + 2, best, at);
    take_less(four.w, d + 3, best, at);
  }

 private:
  WARPSHARD_HD static float least(float a, float b) { return __builtin_fminf(a, b); }
  WARPSHARD_HD static void take_less(float score, std::int32_t d, float& best, std::int32_t& at) {
    at = score < best ? d : at;
    best = score < best ? score : best;
  }
};

}  // namespace warpshard
