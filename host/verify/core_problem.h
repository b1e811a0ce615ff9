#pragma once

#include <cstdint>
#include <vector>

#include "warpshard/cost.h"

namespace warpshard::verify {

/// What a proof's reductions leave of an instance. Entries at or above kForbidden are forbidden.
///
///   minimise  constant + sum over variables v of unary_v(x_v) + sum over edges of table(x_u, x_v)
///   subject to  sum over pieces of all v with begin <= t < end of usage(x_v) <= capacity[t]
struct CoreProblem {
  /// Two variables and a table between them, row-major [domain(u)][domain(v)].
  struct Edge {
    std::int32_t u = 0;
    std::int32_t v = 0;
    std::int64_t entries = 0;  ///< where its table starts
  };
  /// A stretch of time points over which a variable's usage per value is constant.
  struct Piece {
    std::int32_t begin = 0;
    std::int32_t end = 0;    ///< half-open
    std::int64_t usage = 0;  ///< where its usages start, [domain]
  };

  Int128 constant = 0;
  std::vector<std::int32_t> value_offsets{0};  ///< [variables + 1]
  std::vector<std::int64_t> unary;             ///< [values] cost units
  std::vector<Edge> edges;                     ///< sorted by (u, v), u < v, no two alike
  std::vector<std::int64_t> entries;           ///< [table entries] cost units
  std::vector<std::int32_t> piece_offsets{0};  ///< [variables + 1]
  std::vector<Piece> pieces;                   ///< disjoint within a variable
  std::vector<std::int64_t> usage;             ///< memory units, >= 0; each piece's least is 0
  std::vector<std::int64_t> capacity;          ///< [times] memory units; may be below 0

  std::int32_t num_variables() const { return static_cast<std::int32_t>(value_offsets.size()) - 1; }
  std::int32_t domain(std::int32_t v) const { return value_offsets[v + 1] - value_offsets[v]; }
};

}  // namespace warpshard::verify
