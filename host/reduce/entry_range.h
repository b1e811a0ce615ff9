#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "host/reduce/entry.h"

namespace warpshard::reduce {

/// The least and the greatest of some numbers.
struct Range {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t greatest = std::numeric_limits<std::int64_t>::min();

  bool empty() const { return least > greatest; }
  void add(std::int64_t number);
};

/// What a list of an instance's entries spans.
struct EntryRange {
  Range finite;     ///< of finite entries
  Range forbidden;  ///< of forbidden ones' finite parts
};

EntryRange range_of(std::span<const std::int64_t> entries);

/// How an instance's entries become the reducer's: each less the least finite part of its list.
/// Where finite parts of forbidden entries vary too much, they are cut off.
class EntryImport {
 public:
  static constexpr Int128 kAll = std::numeric_limits<std::int64_t>::max();

  /// `room`: finite parts of forbidden entries are taken to be at least as much as the least finite
  /// entry of their list, and at most so much more; kAll: they are kept as they are.
  EntryImport(bool hard, Int128 room) : hard_(hard), room_(room) {}

  /// What is taken off all entries of a list.
  std::int64_t floor(const EntryRange& range) const;

  /// How much finite parts of a list vary once they are imported.
  Int128 spread(const EntryRange& range) const;

  /// True if some forbidden entry of a list comes to cost more than it does.
  bool raises(const EntryRange& range) const;

  /// `floor`: of the entry's list.
  std::int64_t entry(std::int64_t entry, std::int64_t floor) const;

 private:
  std::int64_t cut(std::int64_t part, std::int64_t floor) const;

  bool hard_;
  Int128 room_;
};

}  // namespace warpshard::reduce
