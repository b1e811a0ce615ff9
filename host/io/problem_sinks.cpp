#include "host/io/problem_sinks.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "host/io/failure.h"
#include "host/io/hash.h"

namespace warpshard::io {
namespace {

constexpr std::int32_t kMostIndex = std::numeric_limits<std::int32_t>::max();
// Texts are remembered up to this much more than has been gained by it, so that an instance
// without copies does not pay for them.
constexpr std::size_t kAdvance = std::size_t{16} << 20;

}  // namespace

std::size_t IntervalSink::bytes() const {
  return intervals_.capacity() * sizeof(Interval);
}

void IntervalSink::list(std::int64_t index, std::span<const std::int64_t> values) {
  if (values.size() != 2)
    fail(at(where_, index), std::to_string(values.size()) +
                                (values.size() == 1 ? " entry" : " entries") + ", expected 2");
  if (index >= kMostIndex) fail(where_, "more than 2^31 - 1 nodes");
  intervals_.push_back({values[0], values[1]});
}

std::size_t ValueSink::bytes() const {
  return values_.capacity() * sizeof(std::int64_t) + offsets_.capacity() * sizeof(std::int64_t);
}

void ValueSink::list(std::int64_t /*index*/, std::span<const std::int64_t> values) {
  values_.insert(values_.end(), values.begin(), values.end());
  offsets_.push_back(static_cast<std::int64_t>(values_.size()));
}

std::size_t EdgeNodeSink::bytes() const {
  return problem_.edge_nodes.capacity() * sizeof(std::int32_t) +
         problem_.edge_offsets.capacity() * sizeof(std::int64_t);
}

void EdgeNodeSink::list(std::int64_t index, std::span<const std::int64_t> values) {
  for (std::size_t end = 0; end < values.size(); ++end) {
    const std::int64_t value = values[end];
    if (value < 0 || value > kMostIndex)
      fail(at(at(where_, index), static_cast<std::int64_t>(end)),
           "node " + std::to_string(value) + " does not exist");
    problem_.edge_nodes.push_back(static_cast<std::int32_t>(value));
  }
  problem_.edge_offsets.push_back(static_cast<std::int64_t>(problem_.edge_nodes.size()));
}

// The store reserves far ahead; what is never written costs nothing, but all is there twice when it
// grows.
std::size_t TableSink::bytes() const {
  const std::size_t entries =
      std::max(problem_.entries.size(), problem_.entries.capacity() / TableInterner::kGrowth * 2);
  return entries * sizeof(std::int64_t) + problem_.edge_tables.capacity() * sizeof(std::int32_t) +
         remembered_;
}

bool TableSink::knows(std::string_view text) {
  const std::uint64_t hash = hash_bytes(text.data(), text.size());
  const auto latest = latest_text_.find(hash);
  known_ = latest == latest_text_.end() ? -1 : latest->second;
  while (known_ >= 0 && text != std::string_view(texts_[known_].bytes.get(), texts_[known_].size))
    known_ = texts_[known_].previous;
  if (known_ >= 0) return true;
  awaited_.push_back(remember(text, hash));
  return false;
}

std::int32_t TableSink::remember(std::string_view text, std::uint64_t hash) {
  if (remembered_ + text.size() > std::min(kAdvance + repeated_, most_text_)) return -1;
  remembered_ += text.size();
  auto bytes = std::make_unique_for_overwrite<char[]>(text.size());
  std::memcpy(bytes.get(), text.data(), text.size());
  const auto index = static_cast<std::int32_t>(texts_.size());
  const auto [latest, is_new] = latest_text_.try_emplace(hash, index);
  texts_.push_back({std::move(bytes), text.size(), -1, is_new ? -1 : latest->second});
  latest->second = index;
  return index;
}

void TableSink::repeat() {
  repeated_ += texts_[known_].size;
  problem_.edge_tables.push_back(texts_[known_].table);
}

void TableSink::list(std::int64_t index, std::span<const std::int64_t> values) {
  if (index >= kMostIndex) fail("problem.edges.costs", "more than 2^31 - 1 edges");
  const std::int32_t table = store_.intern(values);
  problem_.edge_tables.push_back(table);
  if (awaited_.front() >= 0) texts_[awaited_.front()].table = table;
  awaited_.pop_front();
}

}  // namespace warpshard::io
