#include "tests/ptx/memory_levels.h"

#include <algorithm>
#include <bit>

namespace warpshard::ptx {
namespace {

/// Of L2, at most for what all multiprocessors share, and at most for data at all.
constexpr double kSharedPart = 0.4;
constexpr double kUsablePart = 0.85;

std::int64_t private_l2_bytes(const Architecture& architecture, std::int64_t shared) {
  const auto all = static_cast<double>(architecture.l2_bytes);
  const double held = std::min(static_cast<double>(shared), kSharedPart * all);
  return static_cast<std::int64_t>((kUsablePart * all - held) / architecture.multiprocessors);
}

}  // namespace

MemoryLevels::MemoryLevels(const Architecture& architecture, const DeviceLayout& layout,
                           std::int64_t l1_bytes)
    : architecture_(architecture),
      layout_(layout),
      shared_fit_(std::min(1.0, kSharedPart * static_cast<double>(architecture.l2_bytes) /
                                    std::max(1.0, static_cast<double>(layout.shared_bytes())))),
      l1_(l1_bytes),
      l2_(private_l2_bytes(architecture, layout.shared_bytes())),
      lines_(architecture.lines_per_cycle),
      l2_bytes_(architecture.l2_bytes_per_cycle),
      dram_bytes_(architecture.dram_bytes_per_cycle()) {}

void MemoryLevels::restart() {
  lines_ = ThroughputLimit(architecture_.lines_per_cycle);
  l2_bytes_ = ThroughputLimit(architecture_.l2_bytes_per_cycle);
  dram_bytes_ = ThroughputLimit(architecture_.dram_bytes_per_cycle());
}

/// Always the same lines.
bool MemoryLevels::shared_line_fits(std::uint64_t line) const {
  constexpr double kScale = 0x1p-32;
  const auto drawn = static_cast<std::uint32_t>(line * 0x9E3779B97F4A7C15U >> 32U);
  return static_cast<double>(drawn) * kScale < shared_fit_;
}

std::uint32_t MemoryLevels::missing_in_l2(const LineSectors& line, bool shared) {
  if (shared) return shared_line_fits(line.line) ? 0 : line.sectors;
  return line.sectors & ~l2_.access(line, /*allocate=*/true);
}

double MemoryLevels::access(const Row& addresses, std::int64_t offset, std::int64_t bytes,
                            Lanes active, bool load, double start, Counts& counts) {
  Row places{};
  bool shared = false;
  for (int lane = 0; lane < kLanes; ++lane) {
    if (!holds(active, lane)) continue;
    const auto at = static_cast<std::size_t>(lane);
    const auto place = layout_.find(addresses[at] + static_cast<std::uint64_t>(offset));
    places[at] = place.address;
    shared = place.shared;  // an access touches one array
  }
  find_lines(places, bytes, active, touched_);
  int from_l2 = 0;
  int from_dram = 0;
  for (const LineSectors& line : touched_) {
    const std::uint32_t there = l1_.access(line, /*allocate=*/load);
    const LineSectors missing{line.line, load ? line.sectors & ~there : line.sectors};
    if (missing.sectors == 0) continue;
    from_l2 += std::popcount(missing.sectors);
    from_dram += std::popcount(missing_in_l2(missing, shared));
  }
  const double l2_bytes = static_cast<double>(kSectorBytes) * from_l2;
  const double dram_bytes = static_cast<double>(kSectorBytes) * from_dram;
  counts.lines += static_cast<double>(touched_.size());
  counts.l2_bytes += l2_bytes;
  counts.dram_bytes += dram_bytes;
  double at = lines_.serve(start, static_cast<double>(touched_.size()));
  at = l2_bytes_.serve(at, l2_bytes);
  at = dram_bytes_.serve(at, dram_bytes);
  if (!load) return start;
  if (from_l2 > 0) ++counts.missing_loads;
  if (from_dram > 0) return at + architecture_.dram;
  return at + (from_l2 > 0 ? architecture_.l2 : architecture_.l1);
}

}  // namespace warpshard::ptx
