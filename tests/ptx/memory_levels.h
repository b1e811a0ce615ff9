#pragma once

#include <cstdint>
#include <vector>

#include "tests/ptx/architecture.h"
#include "tests/ptx/cache.h"
#include "tests/ptx/counts.h"
#include "tests/ptx/device_layout.h"
#include "tests/ptx/throughput_limit.h"

namespace warpshard::ptx {

/// Global memory as one multiprocessor sees it: its L1, its share of L2, and DRAM.
///
/// All multiprocessors are taken to do the same. What they share occupies L2 once, up to
/// kSharedPart of it; of more, the part that does not fit comes from DRAM each time. The rest is
/// divided among them for what is one's own.
class MemoryLevels {
 public:
  /// `l1_bytes`: what shared memory leaves of it. The layout must outlive it.
  MemoryLevels(const Architecture& architecture, const DeviceLayout& layout, std::int64_t l1_bytes);

  /// A load or store of the `active` lanes, `bytes` each, at `start`. Returns when a load's values
  /// are there; a store's sender does not wait.
  double access(const Row& addresses, std::int64_t offset, std::int64_t bytes, Lanes active,
                bool load, double start, Counts& counts);

  /// One more use of what serves L1 and shared memory alike.
  double pass(double start, double passes) { return lines_.serve(start, passes); }

  /// Time begins again at 0; what the caches hold stays.
  void restart();

 private:
  std::uint32_t missing_in_l2(const LineSectors& line, bool shared);
  bool shared_line_fits(std::uint64_t line) const;

  const Architecture& architecture_;
  const DeviceLayout& layout_;
  double shared_fit_ = 1;  ///< part of what is shared that L2 holds
  SectorCache l1_, l2_;
  ThroughputLimit lines_, l2_bytes_, dram_bytes_;
  std::vector<LineSectors> touched_;
};

}  // namespace warpshard::ptx
