#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "warpshard/export.h"

namespace warpshard {

__extension__ using Int128 = __int128;

/// A cost entry at or above this value stands for "forbidden".
inline constexpr std::int64_t kForbidden = 1'000'000'000'000'000'000;

inline constexpr bool is_forbidden(std::int64_t entry) {
  return entry >= kForbidden;
}

/// A plan's cost: how many forbidden entries it contains, and the sum of everything else.
/// Compared in that order, so that a plan with fewer forbidden entries always wins.
/// A forbidden entry's excess over kForbidden counts in `finite`, so `total()` is exact.
struct Cost {
  std::int64_t forbidden = 0;
  Int128 finite = 0;

  constexpr Cost() = default;
  constexpr Cost(std::int64_t forbidden_entries, Int128 finite_sum)
      : forbidden(forbidden_entries), finite(finite_sum) {}

  /// The cost of one entry of a node's list or an edge's table.
  static constexpr Cost of_entry(std::int64_t entry) {
    return is_forbidden(entry) ? Cost{1, Int128{entry} - kForbidden} : Cost{0, entry};
  }

  /// The plain sum of all entries, as the contest's evaluator adds them up.
  constexpr Int128 total() const { return Int128{forbidden} * kForbidden + finite; }

  constexpr Cost& operator+=(const Cost& other) {
    forbidden += other.forbidden;
    finite += other.finite;
    return *this;
  }
  friend constexpr Cost operator+(Cost a, const Cost& b) { return a += b; }
  friend constexpr bool operator==(const Cost& a, const Cost& b) {
    return a.forbidden == b.forbidden && a.finite == b.finite;
  }
  friend constexpr std::strong_ordering operator<=>(const Cost& a, const Cost& b) {
    if (a.forbidden != b.forbidden) return a.forbidden <=> b.forbidden;
    if (a.finite != b.finite)
      return a.finite < b.finite ? std::strong_ordering::less : std::strong_ordering::greater;
    return std::strong_ordering::equal;
  }
};

/// Decimal digits of a 128-bit integer.
WARPSHARD_EXPORT std::string to_string(Int128 value);

}  // namespace warpshard
