#pragma once

#ifndef __CUDACC__
#error \
    "kernels/warp_group.h is for CUDA sources; tests/kernels/emulated_warp_group.h runs on the CPU"
#endif

#include <cstdint>

#include "kernels/group_place.h"
#include "kernels/lane_group.h"

namespace warpshard {

/// The GPU's group: the 32 lanes of one warp, one entry of a row per lane and step.
///
/// Same interface as SerialGroup. All lanes of a warp must call it together. Every function that
/// combines lanes is also a sync(): what any lane wrote before, every lane sees after.
struct WarpGroup {
  static constexpr std::int32_t kLanes = 32;
  static constexpr std::int32_t kStep = kLanes;
  using Lane = LaneGroup;  ///< what one lane does by itself
  using Float = float;
  using Int = std::int32_t;

  __device__ static std::int32_t rank() { return static_cast<std::int32_t>(threadIdx.x % kLanes); }
  __device__ static constexpr std::int32_t size() { return kLanes; }
  __device__ static std::int32_t first() { return rank(); }
  __device__ static void sync() { __syncwarp(); }
  __device__ static void prefetch(const void* /*address*/) {}

  __device__ static Float load(const float* from) { return *from; }
  __device__ static Int load(const std::int32_t* from) { return *from; }
  __device__ static void store(float* to, Float value) { *to = value; }
  __device__ static void store(std::int32_t* to, Int value) { *to = value; }
  __device__ static Float splat(float value) { return value; }
  __device__ static Int splat(std::int32_t value) { return value; }
  __device__ static Float min(Float a, Float b) { return a < b ? a : b; }
  __device__ static Int min(Int a, Int b) { return a < b ? a : b; }
  __device__ static Float max(Float a, Float b) { return a < b ? b : a; }
  __device__ static Float to_float(Int value) { return static_cast<float>(value); }
  __device__ static Float where_at_most(Int amount, std::int32_t most, Float value,
                                        float otherwise) {
    return amount <= most ? value : otherwise;
  }
  __device__ static Int inside(std::int32_t at, std::int32_t begin, std::int32_t end, Int value,
                               std::int32_t otherwise) {
    return at >= begin && at < end ? value : otherwise;
  }

  __device__ static float reduce_min(Float value) {
    sync();
    for (int step = kLanes / 2; step > 0; step /= 2)
      value = min(value, __shfl_xor_sync(kAll, value, step));
    return value;
  }
  __device__ static std::int32_t reduce_min(Int value) {
    sync();
    return __reduce_min_sync(kAll, value);
  }
  __device__ static std::int64_t sum(std::int64_t value) {
    sync();
    for (int step = kLanes / 2; step > 0; step /= 2) value += __shfl_xor_sync(kAll, value, step);
    return value;
  }
  __device__ static float reduce_sum(Float value) {
    sync();
    for (int step = kLanes / 2; step > 0; step /= 2) value += __shfl_xor_sync(kAll, value, step);
    return value;
  }
  __device__ static Lane::Float least_with(const Lane::Float& mine, std::int32_t step) {
    sync();
    const Lane::Float other{
        __shfl_xor_sync(kAll, mine.x, step), __shfl_xor_sync(kAll, mine.y, step),
        __shfl_xor_sync(kAll, mine.z, step), __shfl_xor_sync(kAll, mine.w, step)};
    return Lane::min(mine, other);
  }
  __device__ static Int least_with(Int mine, std::int32_t step) {
    sync();
    return min(mine, __shfl_xor_sync(kAll, mine, step));
  }
  /// Other lanes may add to the same number.
  __device__ static void add_to(std::uint32_t* number, std::uint32_t amount) {
    atomicAdd(number, amount);
  }
  __device__ static GroupPlace place(bool flag) {
    sync();
    const unsigned set = __ballot_sync(kAll, flag);
    const unsigned lower = (1U << static_cast<unsigned>(rank())) - 1U;
    return {__popc(set & lower), __popc(set)};
  }

  /// Sums may wrap around.
  __device__ static GroupPlace prefix_sum(std::int32_t amount) {
    sync();
    GroupPlace sums{0, amount};
    for (int step = 1; step < kLanes; step *= 2) {
      const std::int32_t other = __shfl_xor_sync(kAll, sums.total, step);
      if ((rank() & step) != 0) sums.before = wrapping_sum(sums.before, other);
      sums.total = wrapping_sum(sums.total, other);
    }
    return sums;
  }

  __device__ static std::int32_t arg_min(const float* scores, std::int32_t stride) {
    // A lane that found nothing holds an index past the row: it loses every tie.
    float least = kNothing;
    std::int32_t at = stride;
    for (std::int32_t d = rank(); d < stride; d += kStep) {
      if (scores[d] < least) {
        least = scores[d];
        at = d;
      }
    }
    sync();
    for (int step = kLanes / 2; step > 0; step /= 2) {
      const float other = __shfl_xor_sync(kAll, least, step);
      const std::int32_t other_at = __shfl_xor_sync(kAll, at, step);
      if (other < least || (other == least && other_at < at)) {
        least = other;
        at = other_at;
      }
    }
    return at < stride ? at : 0;
  }

 private:
  static constexpr unsigned kAll = 0xFFFFFFFFU;
  static constexpr float kNothing = __builtin_inff();
};

}  // namespace warpshard
