#pragma once

#include <cstdint>
#include <vector>

#include "tests/ptx/coalescing.h"

namespace warpshard::ptx {

/// A set-associative cache of 128-byte lines in sectors, which replaces the line not used for
/// longest. Holds no data.
class SectorCache {
 public:
  explicit SectorCache(std::int64_t bytes, int ways = 16);

  /// Looks sectors of a line up, and brings in those that are missing if `allocate`. Returns the
  /// sectors that were there.
  std::uint32_t access(const LineSectors& wanted, bool allocate);

 private:
  struct Way {
    std::uint64_t line = ~std::uint64_t{0};
    std::uint64_t used = 0;
    std::uint32_t sectors = 0;
  };

  std::size_t ways_;
  std::uint64_t sets_;
  std::uint64_t clock_ = 0;
  std::vector<Way> entries_;  ///< [sets x ways]
};

}  // namespace warpshard::ptx
