#include "tests/ptx/coalescing.h"

#include <algorithm>
#include <array>

namespace warpshard::ptx {
namespace {

/// Units of `unit` bytes that the lanes touch, each once, in order.
void find_units(const Row& addresses, std::int64_t bytes, Lanes active, std::uint64_t unit,
                std::vector<std::uint64_t>& units) {
  units.clear();
  for (int lane = 0; lane < kLanes; ++lane) {
    if (!holds(active, lane)) continue;
    const std::uint64_t first = addresses[static_cast<std::size_t>(lane)];
    const std::uint64_t last = first + static_cast<std::uint64_t>(bytes) - 1;
    for (std::uint64_t at = first / unit; at <= last / unit; ++at)
      if (units.empty() || units.back() != at) units.push_back(at);
  }
  std::ranges::sort(units);
  const auto repeated = std::ranges::unique(units);
  units.erase(repeated.begin(), repeated.end());
}

constexpr std::uint64_t kWordBytes = 4;  // of shared memory

int most_in_a_bank(const std::vector<std::uint64_t>& words) {
  constexpr std::uint64_t kBanks = 32;
  std::array<int, kBanks> in_bank{};
  for (const std::uint64_t word : words) ++in_bank[word % kBanks];
  return std::max(1, std::ranges::max(in_bank));
}

}  // namespace

void find_lines(const Row& addresses, std::int64_t bytes, Lanes active,
                std::vector<LineSectors>& lines) {
  static thread_local std::vector<std::uint64_t> sectors;
  find_units(addresses, bytes, active, kSectorBytes, sectors);
  lines.clear();
  for (const std::uint64_t sector : sectors) {
    const std::uint64_t line = sector / kSectorsPerLine;
    if (lines.empty() || lines.back().line != line) lines.push_back({line, 0});
    lines.back().sectors |= 1U << (sector % kSectorsPerLine);
  }
}

int shared_passes(const Row& addresses, std::int64_t bytes, Lanes active) {
  static thread_local std::vector<std::uint64_t> words;
  find_units(addresses, bytes, active, kWordBytes, words);
  return most_in_a_bank(words);
}

int atomic_shared_passes(const Row& addresses, Lanes active) {
  std::vector<std::uint64_t> words;
  for (int lane = 0; lane < kLanes; ++lane)
    if (holds(active, lane))
      words.push_back(addresses[static_cast<std::size_t>(lane)] / kWordBytes);
  return most_in_a_bank(words);
}

}  // namespace warpshard::ptx
