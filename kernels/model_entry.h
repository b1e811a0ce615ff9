#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// A forbidden entry's least exact value in a model, whose entries count forbidden ones in their
/// highest bits and hold the finite part in the 62 bits below: finite parts, and all sums of them
/// that can come up, are less. (An instance says "forbidden" by kForbidden or more: warpshard/
/// cost.h.)
inline constexpr std::int64_t kForbiddenEntry = std::int64_t{1} << 62;

/// True for a model's forbidden entry.
WARPSHARD_HD inline constexpr bool forbids(std::int64_t entry) {
  return entry >= kForbiddenEntry;
}

/// A model's entry without what says that it is forbidden; cost units.
WARPSHARD_HD inline constexpr std::int64_t finite_part(std::int64_t entry) {
  return forbids(entry) ? entry - kForbiddenEntry : entry;
}

}  // namespace warpshard
