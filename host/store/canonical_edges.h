#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "host/store/sha256.h"
#include "warpshard/cost.h"
#include "warpshard/problem.h"

namespace warpshard::store {

/// An instance's edges by what they mean. Nodes of a single strategy decide nothing and are left
/// out of an edge; what then joins one node is part of that node's costs, and what joins none is a
/// constant.
struct CanonicalEdges {
  /// All edges between the same nodes.
  struct Group {
    std::vector<std::int32_t> nodes;  ///< two or more, ascending
    std::vector<std::int64_t> edges;  ///< of the problem; their tables add up
  };
  std::vector<Group> groups;     ///< in lexicographic order of their nodes
  std::vector<Cost> node_costs;  ///< [strategies of the problem]
  Cost constant;
};

CanonicalEdges canonical_edges(const Problem& problem);

/// Digests of groups' tables, each a row-major list of costs over the group's nodes.
class TableDigests {
 public:
  /// `problem` must outlive this.
  explicit TableDigests(const Problem& problem) : problem_(problem) {}

  /// Nothing where all entries are zero.
  std::optional<Digest> of(const CanonicalEdges::Group& group);

 private:
  /// A table, and the shape it is read in: rows, and whether it is turned round.
  using Reading = std::tuple<std::int32_t, std::int32_t, bool>;

  std::optional<Digest> compute(const CanonicalEdges::Group& group) const;

  const Problem& problem_;
  std::map<Reading, std::optional<Digest>> known_;  ///< of groups of one edge of two nodes
};

}  // namespace warpshard::store
