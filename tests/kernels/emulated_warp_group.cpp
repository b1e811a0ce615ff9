#include "tests/kernels/emulated_warp_group.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

namespace warpshard::testing {
namespace {

std::int64_t packed(float value) {
  return std::bit_cast<std::int32_t>(value);
}

float unpacked(std::int64_t value) {
  return std::bit_cast<float>(static_cast<std::int32_t>(value));
}

}  // namespace

float EmulatedWarpGroup::reduce_min(Float value) {
  float least = std::numeric_limits<float>::max();
  for (const std::int64_t other : EmulatedBlock::meet("reduce_min of floats", packed(value)))
    least = min(least, unpacked(other));
  return least;
}

std::int32_t EmulatedWarpGroup::reduce_min(Int value) {
  const auto& all = EmulatedBlock::meet("reduce_min", value);
  return static_cast<std::int32_t>(*std::min_element(all.begin(), all.end()));
}

std::int64_t EmulatedWarpGroup::sum(std::int64_t value) {
  const auto& all = EmulatedBlock::meet("sum", value);
  return std::accumulate(all.begin(), all.end(), std::int64_t{0});
}

float EmulatedWarpGroup::reduce_sum(Float value) {
  std::array<float, kLanes> sums{};
  const auto& all = EmulatedBlock::meet("reduce_sum", packed(value));
  std::transform(all.begin(), all.end(), sums.begin(), unpacked);
  // The butterfly's order, as on a warp.
  for (std::int32_t step = kLanes / 2; step > 0; step /= 2)
    for (std::int32_t lane = 0; lane < step; ++lane) sums[lane] += sums[lane + step];
  return sums[0];
}

EmulatedWarpGroup::Lane::Float EmulatedWarpGroup::least_with(const Lane::Float& mine,
                                                             std::int32_t step) {
  const std::size_t other = static_cast<std::size_t>(rank() ^ step);
  const auto of_other = [&](float value) {
    return unpacked(EmulatedBlock::meet("least_with", packed(value))[other]);
  };
  // One after the other: each is a meeting.
  const float x = of_other(mine.x);
  const float y = of_other(mine.y);
  const float z = of_other(mine.z);
  const float w = of_other(mine.w);
  return Lane::min(mine, {x, y, z, w});
}

EmulatedWarpGroup::Int EmulatedWarpGroup::least_with(Int mine, std::int32_t step) {
  const auto& all = EmulatedBlock::meet("least_with", mine);
  return min(mine, static_cast<Int>(all[static_cast<std::size_t>(rank() ^ step)]));
}

GroupPlace EmulatedWarpGroup::place(bool flag) {
  return prefix_sum(flag ? 1 : 0);
}

GroupPlace EmulatedWarpGroup::prefix_sum(std::int32_t amount) {
  const auto& all = EmulatedBlock::meet("prefix_sum", amount);
  GroupPlace result;
  for (std::int32_t lane = 0; lane < kLanes; ++lane) {
    const auto mine = static_cast<std::int32_t>(all[lane]);
    result.total = wrapping_sum(result.total, mine);
    if (lane < rank()) result.before = wrapping_sum(result.before, mine);
  }
  return result;
}

std::int32_t EmulatedWarpGroup::arg_min(const float* scores, std::int32_t stride) {
  // Each lane reads only its own entries, as on a warp.
  float least = std::numeric_limits<float>::infinity();
  std::int32_t at = stride;
  for (std::int32_t d = rank(); d < stride; d += kStep) {
    if (!(scores[d] < least)) continue;
    least = scores[d];
    at = d;
  }
  // The index first, for ties; then the least over the lanes that hold it.
  const std::int64_t bits = packed(least);
  const auto values = EmulatedBlock::meet("arg_min", bits);
  const auto& indices = EmulatedBlock::meet("arg_min", at);
  std::int32_t best = 0;
  for (std::int32_t lane = 1; lane < kLanes; ++lane) {
    const float a = unpacked(values[lane]);
    const float b = unpacked(values[best]);
    if (a < b || (a == b && indices[lane] < indices[best])) best = lane;
  }
  const auto found = static_cast<std::int32_t>(indices[best]);
  return found < stride ? found : 0;
}

}  // namespace warpshard::testing
