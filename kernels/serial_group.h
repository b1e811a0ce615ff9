#pragma once

#include <cstdint>
#include <cstring>

#include "kernels/group_place.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace warpshard {

/// The CPU's group: one thread that handles kStep values of a row at a time with SIMD.
///
/// A group is what a kernel uses to walk a row of values together. Rows are padded to a multiple
/// of kRowPad floats, so `for (d = group.first(); d < stride; d += Group::kStep)` covers a row on
/// every backend: here d advances by whole vectors, on a warp each lane starts at its rank.
///
/// Every function that combines lanes is also a sync(): what any lane wrote before, every lane sees
/// after. What one lane writes and another reads, or the other way round, needs one of them
/// between.
struct SerialGroup {
  static constexpr std::int32_t kStep = 8;
  using Lane = SerialGroup;  ///< what one lane does by itself
  static constexpr bool kByLevels = false;
  using Float = float __attribute__((vector_size(32)));
  using Int = std::int32_t __attribute__((vector_size(32)));

  static constexpr std::int32_t rank() { return 0; }
  static constexpr std::int32_t size() { return 1; }
  static constexpr std::int32_t first() { return 0; }
  static void sync() {}
  /// Asks for the cache line at `address`, which will be read soon.
  static void prefetch(const void* address) { __builtin_prefetch(address); }

  static Float load(const float* from) {
    Float value;
    std::memcpy(&value, from, sizeof(value));
    return value;
  }
  static Int load(const std::int32_t* from) {
    Int value;
    std::memcpy(&value, from, sizeof(value));
    return value;
  }
  static void store(float* to, Float value) { std::memcpy(to, &value, sizeof(value)); }
  static void store(std::int32_t* to, Int value) { std::memcpy(to, &value, sizeof(value)); }
  static Float splat(float value) {
    return Float{value, value, value, value, value, value, value, value};
  }
  static Int splat(std::int32_t value) {
    return Int{value, value, value, value, value, value, value, value};
  }
  static Float min(Float a, Float b) { return a < b ? a : b; }
  static Int min(Int a, Int b) { return a < b ? a : b; }
  static Float max(Float a, Float b) { return a < b ? b : a; }
  static Float to_float(Int value) { return __builtin_convertvector(value, Float); }
  /// `value` where `amount` <= `most`, `otherwise` elsewhere.
  static Float where_at_most(Int amount, std::int32_t most, Float value, float otherwise) {
    return amount <= most ? value : splat(otherwise);
  }
  /// `value` in lanes whose index (counted from `at`) is in [begin, end), `otherwise` elsewhere.
  static Int inside(std::int32_t at, std::int32_t begin, std::int32_t end, Int value,
                    std::int32_t otherwise) {
    const Int index = Int{0, 1, 2, 3, 4, 5, 6, 7} + at;
    return ((index >= begin) & (index < end)) != 0 ? value : splat(otherwise);
  }

  /// The least of all values that the group's lanes hold; every lane holds the result.
  static float reduce_min(Float value) {
    Float other = __builtin_shufflevector(value, value, 4, 5, 6, 7, 0, 1, 2, 3);
    value = min(value, other);
    other = __builtin_shufflevector(value, value, 2, 3, 0, 1, 6, 7, 4, 5);
    value = min(value, other);
    other = __builtin_shufflevector(value, value, 1, 0, 3, 2, 5, 4, 7, 6);
    return min(value, other)[0];
  }
  static std::int32_t reduce_min(Int value) {
    Int other = __builtin_shufflevector(value, value, 4, 5, 6, 7, 0, 1, 2, 3);
    value = min(value, other);
    other = __builtin_shufflevector(value, value, 2, 3, 0, 1, 6, 7, 4, 5);
    value = min(value, other);
    other = __builtin_shufflevector(value, value, 1, 0, 3, 2, 5, 4, 7, 6);
    return min(value, other)[0];
  }
  /// The sum over the group's lanes of one number each; every lane holds the result.
  static std::int64_t sum(std::int64_t value) { return value; }
  /// The sum of all values that the group's lanes hold; every lane holds the result.
  static float reduce_sum(Float value) {
    float total = 0;
    for (int lane = 0; lane < kStep; ++lane) total += value[lane];
    return total;
  }

  /// Where this lane stands among those whose flag is set.
  static GroupPlace place(bool flag) { return {0, flag ? 1 : 0}; }
  /// The sum of the lanes' amounts, and that of lanes of lower rank.
  static GroupPlace prefix_sum(std::int32_t amount) { return {0, amount}; }

  /// Index of the first least entry of scores[0, stride), of 0 if none is below infinity; every
  /// lane holds the result. Entries that are no numbers do not count.
  static std::int32_t arg_min(const float* scores, std::int32_t stride) {
    Float least = splat(__builtin_inff());
    for (std::int32_t d = 0; d < stride; d += kStep) least = min(load(scores + d), least);
    const float target = reduce_min(least);
    if (!(target < __builtin_inff())) return 0;
    for (std::int32_t d = 0; d < stride; d += kStep) {
      const std::uint32_t hits = mask_of(load(scores + d) == splat(target));
      if (hits != 0) return d + __builtin_ctz(hits);
    }
    return 0;
  }

 private:
  static std::uint32_t mask_of(Int lanes) {
#ifdef __AVX2__
    return static_cast<std::uint32_t>(_mm256_movemask_ps(reinterpret_cast<__m256>(lanes)));
#else
    std::uint32_t mask = 0;
    for (int lane = 0; lane < kStep; ++lane) mask |= (lanes[lane] != 0 ? 1U : 0U) << lane;
    return mask;
#endif
  }
};

}  // namespace warpshard
