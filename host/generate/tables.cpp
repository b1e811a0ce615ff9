#include "host/generate/tables.h"

#include <algorithm>

#include "warpshard/cost.h"

namespace warpshard::generator {
namespace {

/// FNV-1a over the words of a table.
std::uint64_t hash_of(const std::vector<std::int64_t>& table) {
  std::uint64_t hash = 14695981039346656037U;
  for (const std::int64_t entry : table) {
    hash = (hash ^ static_cast<std::uint64_t>(entry)) * 1099511628211U;
    hash ^= hash >> 29U;
  }
  return hash;
}

/// What `sharding` of an index space means for a tensor whose dimensions map to it by `dims`.
Sharding translate(const Sharding& sharding, const DimMap& dims) {
  Sharding result{kUnmapped, kUnmapped, kUnmapped};
  for (int a = 0; a < kMaxAxes; ++a) {
    if (sharding[a] == kUnmapped) continue;
    const auto* found = std::find(dims.begin(), dims.end(), sharding[a]);
    if (found != dims.end()) result[a] = static_cast<std::int8_t>(found - dims.begin());
  }
  return result;
}

}  // namespace

ListId ShardingLists::intern(std::vector<Sharding> shardings) {
  const auto [entry, fresh] =
      ids_.try_emplace(std::move(shardings), static_cast<ListId>(lists_.size()));
  if (fresh) lists_.push_back(&entry->first);
  return entry->second;
}

ListId ShardingLists::strategies(const Shape& space, int output_rank) {
  const auto [entry, fresh] =
      strategies_.try_emplace({space.with_element_bytes(1), output_rank}, -1);
  if (fresh) entry->second = intern(shardings_of(mesh_, space, output_rank));
  return entry->second;
}

ListId ShardingLists::seen_from(ListId list, const DimMap& dims) {
  const auto [entry, fresh] = views_.try_emplace({list, dims}, -1);
  if (!fresh) return entry->second;
  std::vector<Sharding> view;
  for (const Sharding& sharding : *lists_[list]) view.push_back(translate(sharding, dims));
  return entry->second = intern(std::move(view));
}

std::int32_t EdgeTables::agreement(std::int32_t strategies) {
  const auto [entry, fresh] = agreements_.try_emplace(strategies, -1);
  if (!fresh) return entry->second;
  const auto size = static_cast<std::size_t>(strategies);
  std::vector<std::int64_t> table(size * size, kForbidden);
  for (std::size_t i = 0; i < size; ++i) table[i * size + i] = 0;
  return entry->second = store(table);
}

std::int32_t EdgeTables::resharding(const Shape& tensor, ListId from, ListId to, bool transposed) {
  const auto [entry, fresh] = reshardings_.try_emplace(Key{tensor, from, to, transposed}, -1);
  if (!fresh) return entry->second;
  const std::vector<Sharding>& rows = lists_[transposed ? to : from];
  const std::vector<Sharding>& columns = lists_[transposed ? from : to];
  std::vector<std::int64_t> table;
  table.reserve(rows.size() * columns.size());
  for (const Sharding& row : rows)
    for (const Sharding& column : columns)
      table.push_back(transposed ? reshard_time(mesh_, tensor, column, row)
                                 : reshard_time(mesh_, tensor, row, column));
  return entry->second = store(table);
}

std::int32_t EdgeTables::store(const std::vector<std::int64_t>& table) {
  const std::uint64_t hash = hash_of(table);
  const auto [begin, end] = by_content_.equal_range(hash);
  for (auto candidate = begin; candidate != end; ++candidate) {
    const auto first = problem_.entries.begin() + problem_.table_offsets[candidate->second];
    const auto last = problem_.entries.begin() + problem_.table_offsets[candidate->second + 1];
    if (std::equal(first, last, table.begin(), table.end())) return candidate->second;
  }
  const auto id = static_cast<std::int32_t>(problem_.table_offsets.size()) - 1;
  problem_.entries.insert(problem_.entries.end(), table.begin(), table.end());
  problem_.table_offsets.push_back(static_cast<std::int64_t>(problem_.entries.size()));
  by_content_.emplace(hash, id);
  return id;
}

}  // namespace warpshard::generator
