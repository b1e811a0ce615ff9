#include "host/io/table_store.h"

#include <algorithm>

#include "host/io/hash.h"

namespace warpshard {

std::span<const std::int64_t> TableStore::table(std::int32_t index) const {
  const auto* entries = problem_.entries.data();
  return {entries + problem_.table_offsets[index], entries + problem_.table_offsets[index + 1]};
}

std::int32_t TableStore::intern(std::span<const std::int64_t> entries) {
  const std::uint64_t hash = io::hash_bytes(entries.data(), entries.size_bytes());
  const auto [first, last] = tables_by_hash_.equal_range(hash);
  for (auto candidate = first; candidate != last; ++candidate)
    if (std::ranges::equal(table(candidate->second), entries)) return candidate->second;
  const auto index = static_cast<std::int32_t>(problem_.table_offsets.size() - 1);
  problem_.entries.insert(problem_.entries.end(), entries.begin(), entries.end());
  problem_.table_offsets.push_back(static_cast<std::int64_t>(problem_.entries.size()));
  tables_by_hash_.emplace(hash, index);
  return index;
}

}  // namespace warpshard
