#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "warpshard/problem.h"

namespace warpshard {

/// Gives equal edge tables of a Problem that is being built the same index.
class TableInterner {
 public:
  /// How many times as much room is made when there is too little.
  static constexpr std::size_t kGrowth = 4;

  /// Appends to problem.table_offsets and problem.entries, which nobody else may change
  /// meanwhile and which hold no tables yet.
  explicit TableInterner(Problem& problem) : problem_(problem) {}

  /// Index of the table with these entries; appends it if there is none.
  std::int32_t intern(std::span<const std::int64_t> entries);

 private:
  std::span<const std::int64_t> table(std::int32_t index) const;

  Problem& problem_;
  std::unordered_map<std::uint64_t, std::int32_t> latest_table_;  ///< by hash
  std::vector<std::int32_t> previous_;  ///< [tables] the one before with the same hash; -1: none
};

}  // namespace warpshard
