#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tests/ptx/kernel.h"
#include "tests/ptx/lane_places.h"
#include "tests/ptx/monitor.h"
#include "tests/ptx/thread_memory.h"

namespace warpshard::ptx {

/// Where a warp is in its grid.
struct WarpPlace {
  std::int32_t warp = 0;          ///< number in the grid
  std::int32_t block = 0;         ///< number in the grid
  std::int32_t first_thread = 0;  ///< number in the block
  std::int32_t block_threads = kLanes;
};

/// A warp: registers of its lanes, where they are, and what an instruction does.
class Warp {
 public:
  /// Kernel and memory must outlive it.
  Warp(const Kernel& kernel, const WarpPlace& place, std::span<std::byte> shared,
       std::span<const std::byte> parameters);

  bool ended() const { return places_.ended(); }
  bool at_barrier() const { return at_barrier_; }
  /// The block's other warps have come to the barrier, too.
  void pass_barrier() { at_barrier_ = false; }
  const WarpPlace& place() const { return place_; }

  /// Carries out instructions up to the end of a stretch (see Monitor::end_stretch()). Throws
  /// std::runtime_error at what would be a fault or hang.
  void run_stretch(Monitor& monitor);

  /// For tests: a register's row, by its number.
  const Row& registers(std::int32_t number) const {
    return rows_[static_cast<std::size_t>(number)];
  }

 private:
  Row& row(std::int32_t number) { return rows_[static_cast<std::size_t>(number)]; }
  Lanes guarded(const Instruction& instruction, Lanes lanes) const;
  Lanes members(const Instruction& instruction, Lanes lanes) const;
  void report(Monitor& monitor, const Instruction& instruction, const LanePlaces::Group& group,
              Lanes active);
  void execute(const Instruction& instruction, Lanes active);
  void compute(const Instruction& instruction, Lanes active);
  void collect(const Instruction& instruction, Lanes active);
  void pack(const Instruction& instruction, Lanes active);
  void unpack(const Instruction& instruction, Lanes active);
  void change_space(const Instruction& instruction, Lanes active);
  void load(const Instruction& instruction, int lane);
  void store(const Instruction& instruction, int lane);
  void add_atomically(const Instruction& instruction, int lane);
  std::byte* find(const Instruction& instruction, int lane);

  const Kernel& kernel_;
  WarpPlace place_;
  ThreadMemory memory_;
  LanePlaces places_;
  std::vector<Row> rows_;  ///< [registers]
  bool at_barrier_ = false;
};

}  // namespace warpshard::ptx
