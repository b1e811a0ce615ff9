#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "host/reduce/memo.h"

namespace warpshard::reduce {

/// No map, no table.
inline constexpr std::int32_t kNone = -1;

/// Keeps equal index maps (new index -> old index) once and names them by ids.
class MapStore {
 public:
  std::int32_t intern(std::span<const std::int32_t> map) {
    const std::uint64_t hash = hash_of(map);
    const std::int32_t known =
        index_.find(hash, [&](std::int32_t id) { return std::ranges::equal(at(id), map); });
    if (known >= 0) return known;
    const auto id = static_cast<std::int32_t>(offsets_.size()) - 1;
    pool_.insert(pool_.end(), map.begin(), map.end());
    offsets_.push_back(static_cast<std::int64_t>(pool_.size()));
    index_.insert(hash, id);
    return id;
  }

  /// Valid until the next intern().
  std::span<const std::int32_t> at(std::int32_t id) const {
    return {pool_.data() + offsets_[id], pool_.data() + offsets_[id + 1]};
  }

  void clear() {
    pool_.clear();
    offsets_.assign(1, 0);
    index_.clear();
  }

 private:
  std::vector<std::int32_t> pool_;
  std::vector<std::int64_t> offsets_{0};  ///< [maps + 1]
  IdIndex index_;
};

}  // namespace warpshard::reduce
