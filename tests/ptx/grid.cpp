#include "tests/ptx/grid.h"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <vector>

#include "tests/ptx/warp.h"

namespace warpshard::ptx {
namespace {

/// What a block finds in its shared memory.
constexpr std::byte kPattern{0x5C};

/// Warps that are there at once; later blocks wait until all of these have ended.
constexpr std::int32_t kMostWarps = 64;

/// Blocks [first, end) of a grid, all there at once.
class ResidentBlocks {
 public:
  ResidentBlocks(const Kernel& kernel, const GridShape& shape, std::int32_t first, std::int32_t end,
                 std::span<const std::byte> parameters, Monitor& monitor)
      : monitor_(monitor), warps_per_block_(shape.threads_per_block / kLanes), first_(first) {
    const std::int64_t bytes = kernel.shared_bytes + shape.dynamic_shared_bytes;
    for (std::int32_t block = first; block < end; ++block) {
      shared_.emplace_back(static_cast<std::size_t>(bytes), kPattern);
      for (std::int32_t warp = 0; warp < warps_per_block_; ++warp)
        warps_.emplace_back(kernel,
                            WarpPlace{block * warps_per_block_ + warp, block, warp * kLanes,
                                      shape.threads_per_block},
                            shared_.back(), parameters);
    }
  }

  void run() {
    for (Warp* warp = next(); warp != nullptr; warp = next()) {
      warp->run_stretch(monitor_);
      if (warp->at_barrier() || warp->ended()) open_barrier(warp->place().block);
    }
    for (const Warp& warp : warps_)
      if (!warp.ended()) throw std::runtime_error("a warp waits at a barrier for ever");
  }

 private:
  Warp* next() {
    Warp* first = nullptr;
    double least = 0;
    for (Warp& warp : warps_) {
      if (warp.ended() || warp.at_barrier()) continue;
      const double time = monitor_.time(warp.place().warp);
      if (first == nullptr || time < least) {
        first = &warp;
        least = time;
      }
    }
    return first;
  }

  /// Lets a block's warps go on if all that have not ended are at the barrier.
  void open_barrier(std::int32_t block) {
    const std::int32_t first = (block - first_) * warps_per_block_;
    bool any = false;
    for (std::int32_t k = first; k < first + warps_per_block_; ++k) {
      if (!warps_[k].ended() && !warps_[k].at_barrier()) return;
      any = any || warps_[k].at_barrier();
    }
    if (!any) return;
    for (std::int32_t k = first; k < first + warps_per_block_; ++k) warps_[k].pass_barrier();
    monitor_.meet(block * warps_per_block_, warps_per_block_);
  }

  Monitor& monitor_;
  std::int32_t warps_per_block_;
  std::int32_t first_;
  std::deque<std::vector<std::byte>> shared_;  ///< [blocks]
  std::deque<Warp> warps_;
};

}  // namespace

void run_grid(const Kernel& kernel, const GridShape& shape, std::span<const std::byte> parameters,
              Monitor& monitor) {
  const std::int32_t warps_per_block = shape.threads_per_block / kLanes;
  if (shape.blocks < 1 || warps_per_block < 1 || shape.threads_per_block % kLanes != 0)
    throw std::runtime_error("not a grid of blocks of whole warps");
  monitor.begin(kernel, shape.blocks * warps_per_block);
  const std::int32_t step = std::max(1, kMostWarps / warps_per_block);
  for (std::int32_t first = 0; first < shape.blocks; first += step)
    ResidentBlocks(kernel, shape, first, std::min(first + step, shape.blocks), parameters, monitor)
        .run();
}

}  // namespace warpshard::ptx
