#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

#include "kernels/model_entry.h"
#include "warpshard/cost.h"

namespace warpshard::reduce {

/// Entries inside the reducer. At rest, in lists and tables, none is negative, and finite parts and
/// any sum of them stay below 2^62 (which create() checks and every step keeps). Reducing with
/// forbidden pairs as hard constraints, a forbidden entry is exactly kBlocked and absorbs what is
/// added to it: beside any finite one it differs by 2^62 or more. Reducing for the (forbidden,
/// finite) objective, an entry is a model's (kernels/model_entry.h): a count above 62 bits of the
/// finite part, and no entry counts as two forbidden ones: what would is kept apart.
inline constexpr std::int64_t kBlocked = std::numeric_limits<std::int64_t>::max();

/// True for a forbidden entry, also for what it exceeds an allowed one by where forbidden is hard.
inline constexpr bool blocks(std::int64_t entry) {
  return entry >= kForbiddenEntry;
}

/// A sum of up to three entries at rest, but of two where forbidden is hard: sums compare as pairs
/// of count and finite part do.
using Sum = std::uint64_t;

inline constexpr Sum sum_of(std::int64_t a, std::int64_t b) {
  return Sum(a) + Sum(b);
}

/// True for a sum that counts as forbidden twice or more; not where forbidden is hard.
inline constexpr bool blocks_twice(Sum sum) {
  return sum >= 2 * Sum(kForbiddenEntry);
}

/// What is forbidden and what is finite in a sum, or an entry; not where forbidden is hard.
inline constexpr Cost split(Sum sum) {
  const Sum count = sum / Sum(kForbiddenEntry);
  return {static_cast<std::int64_t>(count), Int128{sum - count * Sum(kForbiddenEntry)}};
}

/// A sum as an entry: where forbidden is hard, what blocks is kBlocked; else it does not block
/// twice.
inline constexpr std::int64_t at_rest(Sum sum, bool hard) {
  return hard && sum >= Sum(kForbiddenEntry) ? kBlocked : static_cast<std::int64_t>(sum);
}

/// The sum of two entries where forbidden is hard.
inline constexpr std::int64_t hard_sum(std::int64_t a, std::int64_t b) {
  return std::max(a, b) >= kForbiddenEntry ? kBlocked : a + b;
}

/// By how much a list of entries can be lowered, for all that a plan may choose of it: its least
/// finite part and, where all are forbidden and that is not hard, one forbidden entry.
Cost common_part(std::span<const std::int64_t> entries, bool hard);

/// The entry less what it has in common with others; one that blocks stays so where that is hard.
inline constexpr std::int64_t lowered(std::int64_t entry, const Cost& common, bool hard) {
  if (hard && blocks(entry)) return kBlocked;
  return entry - static_cast<std::int64_t>(common.forbidden * kForbiddenEntry + common.finite);
}

}  // namespace warpshard::reduce
