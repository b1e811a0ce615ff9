#include "host/io/table_interner.h"

#include <algorithm>

#include "host/io/hash.h"
#include "host/io/make_room.h"

namespace warpshard {

std::span<const std::int64_t> TableInterner::table(std::int32_t index) const {
  const auto* entries = problem_.entries.data();
  return {entries + problem_.table_offsets[index], entries + problem_.table_offsets[index + 1]};
}

std::int32_t TableInterner::intern(std::span<const std::int64_t> entries) {
  const std::uint64_t hash = io::hash_bytes(entries.data(), entries.size_bytes());
  const auto latest = latest_table_.find(hash);
  const std::int32_t newest = latest == latest_table_.end() ? -1 : latest->second;
  for (std::int32_t known = newest; known >= 0; known = previous_[known])
    if (std::ranges::equal(table(known), entries)) return known;
  const auto index = static_cast<std::int32_t>(previous_.size());
  // The arrays agree even if memory runs out here or below.
  io::make_room(problem_.table_offsets, 1);
  io::make_room(previous_, 1);
  // Memory that was never written costs nothing, copies do: grow in large steps.
  if (problem_.entries.size() + entries.size() > problem_.entries.capacity())
    problem_.entries.reserve(kGrowth * (problem_.entries.size() + entries.size()));
  problem_.entries.insert(problem_.entries.end(), entries.begin(), entries.end());
  problem_.table_offsets.push_back(static_cast<std::int64_t>(problem_.entries.size()));
  previous_.push_back(newest);
  latest_table_.insert_or_assign(hash, index);
  return index;
}

}  // namespace warpshard
