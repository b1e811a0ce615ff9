#include "tests/kernels/emulated_warp_group.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

namespace warpshard::testing {
namespace {

constexpr std::size_t kStackBytes = 64 << 10;

std::int64_t packed(float value) {
  return std::bit_cast<std::int32_t>(value);
}

float unpacked(std::int64_t value) {
  return std::bit_cast<float>(static_cast<std::int32_t>(value));
}

}  // namespace

EmulatedWarp* EmulatedWarp::current = nullptr;

EmulatedWarp::EmulatedWarp(std::uint64_t seed) : random_(seed) {
  for (Fiber& fiber : fibers_) fiber.stack.resize(kStackBytes);
}

std::string EmulatedWarp::run(const std::function<void()>& lane) {
  lane_function_ = &lane;
  current = this;
  met_.fill(0);
  for (Fiber& fiber : fibers_) prepare(fiber);
  std::array<std::int32_t, kLanes> order{};
  std::iota(order.begin(), order.end(), 0);
  while (!all_ended()) {
    std::shuffle(order.begin(), order.end(), random_);
    for (const std::int32_t next : order) {
      lane_ = next;
      fibers_[next].waits_at = nullptr;
      swapcontext(&scheduler_, &fibers_[next].context);
    }
    ++meetings_;
    if (std::string message = disagreement(); !message.empty()) return message;
  }
  current = nullptr;
  return {};
}

void EmulatedWarp::prepare(Fiber& fiber) {
  fiber.ended = false;
  getcontext(&fiber.context);
  fiber.context.uc_stack.ss_sp = fiber.stack.data();
  fiber.context.uc_stack.ss_size = fiber.stack.size();
  fiber.context.uc_link = &scheduler_;
  makecontext(&fiber.context, &EmulatedWarp::enter, 0);
}

void EmulatedWarp::enter() {
  (*current->lane_function_)();
  current->fibers_[current->lane_].ended = true;
}

bool EmulatedWarp::all_ended() const {
  return std::all_of(fibers_.begin(), fibers_.end(), [](const Fiber& f) { return f.ended; });
}

std::string EmulatedWarp::disagreement() const {
  const auto place = [](const Fiber& f) { return std::string(f.ended ? "its end" : f.waits_at); };
  for (const Fiber& fiber : fibers_)
    if (place(fiber) != place(fibers_[0]))
      return "one lane is at " + place(fibers_[0]) + ", another at " + place(fiber);
  return {};
}

const std::array<std::int64_t, EmulatedWarp::kLanes>& EmulatedWarp::meet(const char* kind,
                                                                         std::int64_t brought) {
  EmulatedWarp& warp = *current;
  const std::int32_t lane = warp.lane_;
  auto& side = warp.brought_[warp.met_[lane]++ % 2];
  side[lane] = brought;
  warp.fibers_[lane].waits_at = kind;
  swapcontext(&warp.fibers_[lane].context, &warp.scheduler_);
  return side;
}

float EmulatedWarpGroup::reduce_min(Float value) {
  float least = std::numeric_limits<float>::max();
  for (const std::int64_t other : EmulatedWarp::meet("reduce_min of floats", packed(value)))
    least = min(least, unpacked(other));
  return least;
}

std::int32_t EmulatedWarpGroup::reduce_min(Int value) {
  const auto& all = EmulatedWarp::meet("reduce_min", value);
  return static_cast<std::int32_t>(*std::min_element(all.begin(), all.end()));
}

std::int64_t EmulatedWarpGroup::sum(std::int64_t value) {
  const auto& all = EmulatedWarp::meet("sum", value);
  return std::accumulate(all.begin(), all.end(), std::int64_t{0});
}

float EmulatedWarpGroup::reduce_sum(Float value) {
  std::array<float, kLanes> sums{};
  const auto& all = EmulatedWarp::meet("reduce_sum", packed(value));
  std::transform(all.begin(), all.end(), sums.begin(), unpacked);
  // The butterfly's order, as on a warp.
  for (std::int32_t step = kLanes / 2; step > 0; step /= 2)
    for (std::int32_t lane = 0; lane < step; ++lane) sums[lane] += sums[lane + step];
  return sums[0];
}

GroupPlace EmulatedWarpGroup::place(bool flag) {
  const auto& all = EmulatedWarp::meet("place", flag ? 1 : 0);
  GroupPlace result;
  for (std::int32_t lane = 0; lane < kLanes; ++lane) {
    result.total += static_cast<std::int32_t>(all[lane]);
    if (lane < rank()) result.before += static_cast<std::int32_t>(all[lane]);
  }
  return result;
}

std::int32_t EmulatedWarpGroup::arg_min(const float* scores, std::int32_t stride) {
  // Each lane reads only its own entries, as on a warp.
  std::int32_t at = rank();
  for (std::int32_t d = rank() + kStep; d < stride; d += kStep)
    if (scores[d] < scores[at]) at = d;
  const float least = rank() < stride ? scores[at] : std::numeric_limits<float>::max();
  // The index first, for ties; then the least over the lanes that hold it.
  const std::int64_t bits = packed(least);
  const auto values = EmulatedWarp::meet("arg_min", bits);
  const auto& indices = EmulatedWarp::meet("arg_min", at);
  std::int32_t best = 0;
  for (std::int32_t lane = 1; lane < kLanes; ++lane) {
    const float a = unpacked(values[lane]);
    const float b = unpacked(values[best]);
    if (a < b || (a == b && indices[lane] < indices[best])) best = lane;
  }
  return static_cast<std::int32_t>(indices[best]);
}

}  // namespace warpshard::testing
