#include "tests/kernels/emulated_block.h"

#include <algorithm>
#include <numeric>

namespace warpshard::testing {
namespace {

constexpr const char* kReady = "work";
constexpr const char* kBlock = "the block's sync";

std::string name_of(const char* place) {
  return place == nullptr ? "its end" : place;
}

}  // namespace

thread_local EmulatedBlock* EmulatedBlock::current = nullptr;

EmulatedBlock::EmulatedBlock(std::uint64_t seed) : random_(seed) {}

std::string EmulatedBlock::run(const std::function<void()>& thread, std::int32_t warps) {
  function_ = &thread;
  current = this;
  warps_.assign(static_cast<std::size_t>(warps), {});
  for (Warp& warp : warps_) warp.places.fill(kReady);
  const std::size_t threads = warps_.size() * kLanes;
  while (fibers_.size() < threads) fibers_.emplace_back();
  for (std::size_t t = 0; t < threads; ++t) fibers_[t].prepare(&EmulatedBlock::enter);
  std::vector<std::int32_t> ready(warps_.size());
  std::iota(ready.begin(), ready.end(), 0);
  std::string failure;
  while (failure.empty() && !ready.empty()) {
    const std::int32_t next = ready[random_() % ready.size()];
    step(next);
    failure = warps_[static_cast<std::size_t>(next)].disagreement();
    if (failure.empty()) failure = find_ready(ready);
  }
  current = nullptr;
  return failure;
}

void EmulatedBlock::enter() {
  (*current->function_)();
  current->warp().places[static_cast<std::size_t>(current->thread_ % kLanes)] = nullptr;
}

void EmulatedBlock::step(std::int32_t warp) {
  std::array<std::int32_t, kLanes> order{};
  std::iota(order.begin(), order.end(), warp * kLanes);
  std::shuffle(order.begin(), order.end(), random_);
  for (const std::int32_t next : order) {
    thread_ = next;
    fiber().resume();
  }
}

std::string EmulatedBlock::find_ready(std::vector<std::int32_t>& ready) {
  ready.clear();
  std::size_t ended = 0;
  for (std::size_t w = 0; w < warps_.size(); ++w) {
    if (warps_[w].place() == nullptr) {
      ++ended;
    } else if (warps_[w].place() != kBlock) {
      ready.push_back(static_cast<std::int32_t>(w));
    }
  }
  if (!ready.empty() || ended == warps_.size()) return {};
  if (ended > 0) return "a warp is at " + name_of(nullptr) + ", another at " + name_of(kBlock);
  for (Warp& warp : warps_) warp.places.fill(kReady);
  ready.resize(warps_.size());
  std::iota(ready.begin(), ready.end(), 0);
  return {};
}

std::string EmulatedBlock::Warp::disagreement() const {
  for (const char* const other : places)
    if (other != place() && name_of(other) != name_of(place()))
      return "one lane is at " + name_of(place()) + ", another at " + name_of(other);
  return {};
}

void EmulatedBlock::wait_at(const char* kind) {
  warp().places[static_cast<std::size_t>(thread_ % kLanes)] = kind;
  fiber().suspend();
}

const std::array<std::int64_t, EmulatedBlock::kLanes>& EmulatedBlock::meet(const char* kind,
                                                                           std::int64_t brought) {
  Warp& warp = current->warp();
  const auto lane = static_cast<std::size_t>(current->thread_ % kLanes);
  auto& side = warp.brought[warp.met[lane]++ % 2];
  side[lane] = brought;
  current->wait_at(kind);
  return side;
}

void EmulatedBlock::meet_block() {
  current->wait_at(kBlock);
}

}  // namespace warpshard::testing
