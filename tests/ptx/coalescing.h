#pragma once

#include <cstdint>
#include <vector>

#include "tests/ptx/row.h"

namespace warpshard::ptx {

inline constexpr std::uint64_t kSectorBytes = 32;
inline constexpr std::uint64_t kSectorsPerLine = 4;

/// Sectors of one cache line, one bit each.
struct LineSectors {
  std::uint64_t line = 0;  ///< address over line size
  std::uint32_t sectors = 0;

  bool operator==(const LineSectors&) const = default;
};

/// What an access of the `active` lanes, `bytes` each, touches: lines in order.
void find_lines(const Row& addresses, std::int64_t bytes, Lanes active,
                std::vector<LineSectors>& lines);

/// How often shared memory has to be read for such an access: most words in one of its 32 banks.
int shared_passes(const Row& addresses, std::int64_t bytes, Lanes active);

/// The same for an atomic access of a word each: lanes at one word wait for each other, too.
int atomic_shared_passes(const Row& addresses, Lanes active);

}  // namespace warpshard::ptx
