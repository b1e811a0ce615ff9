#pragma once

#include <cstdint>

#include "warpshard/cost.h"

namespace warpshard::reduce {

/// Entries inside the reducer. A finite entry is smaller in magnitude than kHalfForbidden (and so
/// is any sum of finite ones, which create() checks). Reducing with forbidden pairs as hard
/// constraints, a forbidden entry is exactly kForbidden and absorbs what is added to it. Reducing
/// for the (forbidden, finite) objective, it is kForbidden plus a finite rest of either sign, and
/// no entry counts as two forbidden ones: what would is kept apart.
inline constexpr std::int64_t kHalfForbidden = kForbidden / 2;

/// True for a forbidden entry, also for a sum with finite ones.
inline constexpr bool blocks(std::int64_t entry) {
  return entry >= kHalfForbidden;
}

/// True for a sum of two forbidden entries.
inline constexpr bool blocks_twice(std::int64_t entry) {
  return entry >= kForbidden + kHalfForbidden;
}

/// The sum of two entries where forbidden is hard.
inline constexpr std::int64_t hard_sum(std::int64_t a, std::int64_t b) {
  const std::int64_t sum = a + b;
  return blocks(sum) ? kForbidden : sum;
}

/// What is forbidden and what is finite in a difference or sum of entries.
inline constexpr Cost split(std::int64_t entry) {
  const int count = static_cast<int>(entry >= kHalfForbidden) +
                    static_cast<int>(entry >= kForbidden + kHalfForbidden) -
                    static_cast<int>(entry <= -kHalfForbidden);
  return {count, Int128{entry} - Int128{count} * kForbidden};
}

}  // namespace warpshard::reduce
