#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tests/ptx/architecture.h"
#include "tests/ptx/counts.h"
#include "tests/ptx/memory_levels.h"
#include "tests/ptx/monitor.h"
#include "tests/ptx/throughput_limit.h"

namespace warpshard::ptx {

/// Times a grid as if one multiprocessor held all of its warps, and counts what they do.
///
/// Within a stretch an instruction begins once its operands are there, in whatever order, as if
/// ptxas had arranged it so; a stretch begins when the one before it has been issued. Warps share
/// schedulers, L1 and what is behind it. Instruction fetch, register banks and spills are left out.
class Multiprocessor final : public Monitor {
 public:
  /// The layout must outlive it. `l1_bytes`: what shared memory leaves.
  Multiprocessor(const Architecture& architecture, const DeviceLayout& layout,
                 std::int64_t l1_bytes);

  void begin(const Kernel& kernel, std::int32_t warps) override;
  void issue(const Issue& issue) override;
  void end_stretch(std::int32_t warp, bool jumped) override;
  void meet(std::int32_t first, std::int32_t count) override;
  double time(std::int32_t warp) const override { return warps_[warp].now; }

  /// Cycles from the grid's begin until each warp's end, [warps].
  std::vector<double> times() const;
  /// Of this grid.
  const Counts& counts() const { return counts_; }

 private:
  struct WarpTime {
    double now = 0;             ///< begin of the stretch
    double last = 0;            ///< when the last instruction of it so far begins
    double issued = 0;          ///< slots of it
    std::vector<double> ready;  ///< [registers] when values are there
  };

  double operands_ready(const WarpTime& warp, const Instruction& instruction) const;
  double finish(const Instruction& instruction, const Issue& issue, double start);
  static int passes_of(const Instruction& instruction, const Issue& issue);
  double access(const Instruction& instruction, const Issue& issue, double start);
  int latency(const Instruction& instruction) const;
  int computing_latency(const Instruction& instruction) const;
  void count(const Instruction& instruction, const Issue& issue, float slots);

  const Architecture& architecture_;
  MemoryLevels memory_;
  const Kernel* kernel_ = nullptr;
  std::vector<float> slots_;  ///< [code]
  std::vector<ThroughputLimit> schedulers_;
  std::vector<WarpTime> warps_;
  Counts counts_;
};

}  // namespace warpshard::ptx
