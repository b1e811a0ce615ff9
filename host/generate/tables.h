#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "host/generate/mesh.h"
#include "host/generate/shape.h"
#include "warpshard/problem.h"

namespace warpshard::generator {

/// Index of a list of shardings in a ShardingLists.
using ListId = std::int32_t;

/// Lists of shardings, equal ones stored once: the strategies of leaders, and what these mean for
/// the tensors that are read and written.
class ShardingLists {
 public:
  explicit ShardingLists(const Mesh& mesh) : mesh_(mesh) {}

  const std::vector<Sharding>& operator[](ListId list) const { return *lists_[list]; }
  /// The strategies of a leader with this index space.
  ListId strategies(const Shape& space, int output_rank);
  /// List `list` seen from a tensor whose dimension d is dimension dims[d] of the list's space.
  ListId seen_from(ListId list, const DimMap& dims);

 private:
  ListId intern(std::vector<Sharding> shardings);

  const Mesh& mesh_;
  std::map<std::vector<Sharding>, ListId> ids_;
  std::vector<const std::vector<Sharding>*> lists_;
  std::map<std::pair<Shape, int>, ListId> strategies_;
  std::map<std::pair<ListId, DimMap>, ListId> views_;
};

/// Adds edge tables to a Problem, equal ones once.
class EdgeTables {
 public:
  EdgeTables(const Mesh& mesh, const ShardingLists& lists, Problem& problem)
      : mesh_(mesh), lists_(lists), problem_(problem) {}

  /// Zero on the diagonal, forbidden elsewhere. Returns the table's index.
  std::int32_t agreement(std::int32_t strategies);
  /// Picoseconds to bring a tensor from each sharding of `from` (rows) to each of `to`; the other
  /// way round if `transposed`.
  std::int32_t resharding(const Shape& tensor, ListId from, ListId to, bool transposed);

 private:
  struct Key {
    Shape tensor;
    ListId from = 0;
    ListId to = 0;
    bool transposed = false;
    friend bool operator<(const Key& a, const Key& b) {
      return std::tie(a.tensor, a.from, a.to, a.transposed) <
             std::tie(b.tensor, b.from, b.to, b.transposed);
    }
  };
  std::int32_t store(const std::vector<std::int64_t>& table);

  const Mesh& mesh_;
  const ShardingLists& lists_;
  Problem& problem_;
  std::map<std::int32_t, std::int32_t> agreements_;
  std::map<Key, std::int32_t> reshardings_;
  std::unordered_multimap<std::uint64_t, std::int32_t> by_content_;
};

}  // namespace warpshard::generator
