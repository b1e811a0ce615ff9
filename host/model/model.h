#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/model/huge_pages.h"
#include "kernels/model_entry.h"
#include "warpshard/cost.h"

namespace warpshard {

/// A pairwise model under memory rows: what reductions leave of a Problem, and what prices, bound
/// and search work on. Host memory, owned, exact integers.
///
///   minimise  constant + sum_v unary_v(x_v) + sum_(u,v) table_uv(x_u, x_v)
///   subject to  sum over segments s of all v with begin <= t < end of usage_s(x_v) <= capacity[t]
///
/// An entry >= kForbiddenEntry is forbidden: it counts in Cost::forbidden, what it exceeds that by
/// is finite. At most one edge joins a pair; none joins a variable to itself. Usage is relative:
/// each segment's least usage is zero and has been taken off the capacities, and a segment with no
/// other usage does not exist. Finite parts stay below 2^62 in magnitude, and so do their sums over
/// any assignment; twice as much where a pair of nodes has edges that could not be added up.
struct Model {
  /// An edge; its table is row-major [domain(u)][domain(v)].
  struct Edge {
    std::int32_t u = 0;
    std::int32_t v = 0;      ///< u < v
    std::int32_t table = 0;  ///< index into table_offsets
  };
  /// A stretch of kept time points over which a variable's usage per value is constant.
  struct Segment {
    std::int32_t begin = 0;
    std::int32_t end = 0;           ///< half-open
    std::int64_t usage_offset = 0;  ///< into segment_usage; [domain] entries
  };

  Cost constant;
  std::vector<std::int32_t> value_offsets{0};    ///< [variables + 1] first value of a variable
  std::vector<std::int64_t> unary;               ///< [values] cost units
  std::vector<Edge> edges;                       ///< sorted by (u, v)
  std::vector<std::int64_t> table_offsets{0};    ///< [tables + 1]; equal tables are stored once
  HugePageVector<std::int64_t> entries;          ///< [table entries] cost units
  std::vector<std::int32_t> segment_offsets{0};  ///< [variables + 1]
  std::vector<Segment> segments;                 ///< sorted by time within a variable, disjoint
  std::vector<std::int64_t> segment_usage;       ///< [segment][value] memory units, >= 0
  std::vector<std::int64_t> capacity;            ///< [kept time points] memory units

  std::int32_t num_variables() const { return static_cast<std::int32_t>(value_offsets.size()) - 1; }
  std::int32_t num_times() const { return static_cast<std::int32_t>(capacity.size()); }
  std::int32_t domain(std::int32_t v) const { return value_offsets[v + 1] - value_offsets[v]; }
  std::span<const std::int64_t> unary_of(std::int32_t v) const {
    return {unary.data() + value_offsets[v], unary.data() + value_offsets[v + 1]};
  }
  std::span<const std::int64_t> table_of(const Edge& edge) const {
    return {entries.data() + table_offsets[edge.table],
            entries.data() + table_offsets[edge.table + 1]};
  }
  std::span<const Segment> segments_of(std::int32_t v) const {
    return {segments.data() + segment_offsets[v], segments.data() + segment_offsets[v + 1]};
  }
  std::span<const std::int64_t> usage_of(std::int32_t v, const Segment& segment) const {
    return {segment_usage.data() + segment.usage_offset, static_cast<std::size_t>(domain(v))};
  }
};

/// What a Model's entry costs.
constexpr Cost cost_of_entry(std::int64_t entry) {
  return {forbids(entry) ? 1 : 0, finite_part(entry)};
}

/// One value index per variable of a Model.
using Assignment = std::vector<std::int32_t>;

/// Exact cost of an assignment; includes the constant. `assignment` is [variables].
Cost cost_of(const Model& model, std::span<const std::int32_t> assignment);

/// Usage at each kept time point, [times] memory units, relative like the capacities.
std::vector<std::int64_t> usage_of(const Model& model, std::span<const std::int32_t> assignment);

/// True if usage exceeds capacity nowhere.
bool fits(const Model& model, std::span<const std::int32_t> assignment);

}  // namespace warpshard
