#include "tests/ptx/cache.h"

#include <algorithm>
#include <span>

namespace warpshard::ptx {
namespace {

/// Spreads lines over sets, so that strides of powers of two do not share one.
std::uint64_t hashed(std::uint64_t line) {
  return line * 0x9E3779B97F4A7C15U >> 20U;
}

}  // namespace

SectorCache::SectorCache(std::int64_t bytes, int ways)
    : ways_(static_cast<std::size_t>(ways)),
      sets_(std::max<std::uint64_t>(
          1, static_cast<std::uint64_t>(bytes) / (kSectorBytes * kSectorsPerLine) / ways_)),
      entries_(sets_ * ways_) {}

std::uint32_t SectorCache::access(const LineSectors& wanted, bool allocate) {
  const std::size_t set = hashed(wanted.line) % sets_;
  const std::span ways(entries_.data() + set * ways_, ways_);
  ++clock_;
  auto way = std::ranges::find(ways, wanted.line, &Way::line);
  if (way == ways.end()) {
    if (!allocate) return 0;
    way = std::ranges::min_element(ways, {}, &Way::used);
    *way = {wanted.line, 0, 0};
  }
  const std::uint32_t there = way->sectors & wanted.sectors;
  way->used = clock_;
  if (allocate) way->sectors |= wanted.sectors;
  return there;
}

}  // namespace warpshard::ptx
