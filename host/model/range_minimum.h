#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace warpshard {

/// Least entry over any range in constant time (a sparse table).
class RangeMinimum {
 public:
  explicit RangeMinimum(const std::vector<std::int64_t>& values) {
    levels_.push_back(values);
    for (std::size_t width = 2; width <= values.size(); width *= 2) {
      const auto& below = levels_.back();
      std::vector<std::int64_t> level(values.size() - width + 1);
      for (std::size_t i = 0; i < level.size(); ++i)
        level[i] = std::min(below[i], below[i + width / 2]);
      levels_.push_back(std::move(level));
    }
  }

  /// Over [begin, end), not empty.
  std::int64_t over(std::int32_t begin, std::int32_t end) const {
    const std::uint32_t width = std::bit_floor(static_cast<std::uint32_t>(end - begin));
    const auto& level = levels_[std::countr_zero(width)];
    return std::min(level[begin], level[static_cast<std::uint32_t>(end) - width]);
  }

 private:
  std::vector<std::vector<std::int64_t>> levels_;
};

}  // namespace warpshard
