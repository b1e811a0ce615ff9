#include "host/io/table_interner.h"

#include <algorithm>

#include "host/io/hash.h"

namespace warpshard {

std::span<const std::int64_t> TableInterner::table(std::int32_t index) const {
  const auto* entries = problem_.entries.data();
  return {entries + problem_.table_offsets[index], entries + problem_.table_offsets[index + 1]};
}

std::int32_t TableInterner::intern(std::span<const std::int64_t> entries) {
  const std::uint64_t hash = io::hash_bytes(entries.data(), entries.size_bytes());
  const auto index = static_cast<std::int32_t>(previous_.size());
  const auto [latest, is_new] = latest_table_.try_emplace(hash, index);
  const std::int32_t newest = is_new ? -1 : latest->second;
  for (std::int32_t known = newest; known >= 0; known = previous_[known])
    if (std::ranges::equal(table(known), entries)) return known;
  latest->second = index;
  previous_.push_back(newest);
  // Memory that was never written costs nothing, copies do: grow in large steps.
  if (problem_.entries.size() + entries.size() > problem_.entries.capacity())
    problem_.entries.reserve(kGrowth * (problem_.entries.size() + entries.size()));
  problem_.entries.insert(problem_.entries.end(), entries.begin(), entries.end());
  problem_.table_offsets.push_back(static_cast<std::int64_t>(problem_.entries.size()));
  return index;
}

}  // namespace warpshard
