#pragma once

#include <cstdint>

#include "kernels/group_place.h"
#include "kernels/lane_group.h"
#include "tests/kernels/emulated_block.h"

namespace warpshard::testing {

/// WarpGroup's interface on a warp of an EmulatedBlock.
struct EmulatedWarpGroup {
  static constexpr std::int32_t kLanes = EmulatedBlock::kLanes;
  static constexpr std::int32_t kStep = kLanes;
  using Lane = LaneGroup;
  using Float = float;
  using Int = std::int32_t;

  static std::int32_t rank() { return EmulatedBlock::rank() % kLanes; }
  static constexpr std::int32_t size() { return kLanes; }
  static std::int32_t first() { return rank(); }
  static void sync() { EmulatedBlock::meet("sync", 0); }
  static void prefetch(const void* /*address*/) {}

  static Float load(const float* from) { return *from; }
  static Int load(const std::int32_t* from) { return *from; }
  static void store(float* to, Float value) { *to = value; }
  static void store(std::int32_t* to, Int value) { *to = value; }
  static Float splat(float value) { return value; }
  static Int splat(std::int32_t value) { return value; }
  static Float min(Float a, Float b) { return a < b ? a : b; }
  static Int min(Int a, Int b) { return a < b ? a : b; }
  static Float max(Float a, Float b) { return a < b ? b : a; }
  static Float to_float(Int value) { return static_cast<float>(value); }
  static Float where_at_most(Int amount, std::int32_t most, Float value, float otherwise) {
    return amount <= most ? value : otherwise;
  }
  static Int inside(std::int32_t at, std::int32_t begin, std::int32_t end, Int value,
                    std::int32_t otherwise) {
    return at >= begin && at < end ? value : otherwise;
  }

  static float reduce_min(Float value);
  static std::int32_t reduce_min(Int value);
  static std::int64_t sum(std::int64_t value);
  static float reduce_sum(Float value);
  static Lane::Float least_with(const Lane::Float& mine, std::int32_t step);
  static Int least_with(Int mine, std::int32_t step);
  static void add_to(std::uint32_t* number, std::uint32_t amount) { *number += amount; }
  static GroupPlace place(bool flag);
  static GroupPlace prefix_sum(std::int32_t amount);
  static std::int32_t arg_min(const float* scores, std::int32_t stride);
};

}  // namespace warpshard::testing
