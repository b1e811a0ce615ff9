#include "host/reduce/entry_range.h"

#include <algorithm>

namespace warpshard::reduce {

void Range::add(std::int64_t number) {
  least = std::min(least, number);
  greatest = std::max(greatest, number);
}

EntryRange range_of(std::span<const std::int64_t> entries) {
  EntryRange range;
  for (const std::int64_t entry : entries) {
    if (is_forbidden(entry)) {
      range.forbidden.add(entry - kForbidden);
    } else {
      range.finite.add(entry);
    }
  }
  return range;
}

std::int64_t EntryImport::floor(const EntryRange& range) const {
  if (hard_) return range.finite.empty() ? 0 : range.finite.least;
  if (room_ != kAll && !range.finite.empty()) return range.finite.least;
  return std::min(range.finite.least, range.forbidden.least);
}

Int128 EntryImport::spread(const EntryRange& range) const {
  const std::int64_t from = floor(range);
  Int128 spread = 0;
  if (!range.finite.empty()) spread = Int128{range.finite.greatest} - from;
  if (!hard_ && !range.forbidden.empty())
    spread = std::max(spread, Int128{cut(range.forbidden.greatest, from)} - from);
  return spread;
}

bool EntryImport::raises(const EntryRange& range) const {
  return !range.forbidden.empty() && floor(range) > range.forbidden.least;
}

/// A forbidden entry's finite part within the room there is.
std::int64_t EntryImport::cut(std::int64_t part, std::int64_t floor) const {
  if (room_ == kAll) return part;
  return static_cast<std::int64_t>(std::clamp<Int128>(part, floor, floor + room_));
}

std::int64_t EntryImport::entry(std::int64_t entry, std::int64_t floor) const {
  if (!is_forbidden(entry)) return entry - floor;
  return hard_ ? kBlocked : kForbiddenEntry + (cut(entry - kForbidden, floor) - floor);
}

}  // namespace warpshard::reduce
