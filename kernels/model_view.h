#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// Rows of values are padded to a multiple of this many entries, a power of two.
inline constexpr std::int32_t kRowPad = 8;

/// Entries of a padded row of `domain` values.
WARPSHARD_HD constexpr std::int32_t row_length(std::int32_t domain) {
  return (domain + kRowPad - 1) & -kRowPad;
}

/// Values, or rows, that a lane of several takes at a time.
inline constexpr std::int32_t kQuad = 4;

/// What padding holds in a unary row: never the least.
inline constexpr float kPadCost = 1e30F;

/// Where a variable meets a neighbour. The table's row of the neighbour's value x starts at
/// tables[rows + x * stride(variable)] and is contiguous over the variable's own values.
struct alignas(16) Arc {
  std::int32_t neighbour = 0;
  std::uint32_t rows = 0;    ///< index into tables and exact_tables
  std::int32_t length = 0;   ///< stride(variable)
  std::int32_t reverse = 0;  ///< the neighbour's arc back, an index into arcs

  /// Where the row of the neighbour's value begins.
  WARPSHARD_HD std::uint32_t at(std::int32_t value) const {
    return rows + static_cast<std::uint32_t>(value) * static_cast<std::uint32_t>(length);
  }
};

/// A stretch [begin, end) of kept time points over which a variable's usage is constant.
struct UsageSegment {
  std::int32_t begin = 0;
  std::int32_t end = 0;
  std::uint32_t row = 0;  ///< index into usage; a row of stride(variable) entries
};

/// A flattened model, read-only, in the memory of the backend that reads it (not owned).
///
/// Floats steer, integers account: every float has an exact 64-bit twin at the same index. A
/// forbidden entry is `forbidden_cost` plus its finite part in floats, see kForbiddenEntry for its
/// twin. Usage and capacity are quantised to `usage_quantum` memory units, usage rounded up and
/// capacity down, so what fits here fits exactly. Whatever values the variables take, sums of usage
/// stay within 32 bits.
struct ModelView {
  std::int32_t num_variables = 0;
  std::int32_t num_times = 0;
  std::int32_t max_stride = 0;  ///< longest padded row
  bool parallel_edges = false;  ///< some variables meet a neighbour twice
  float forbidden_cost = 0;     ///< cost units
  /// Cost units per usage quantum. At this price, if not far below, a quantum is dearer than
  /// anything that a change of one variable can save, and all that a variable pays for memory stays
  /// far below kPadCost.
  float price_ceiling = 0;
  const std::int32_t* domains = nullptr;       ///< [variables]
  const std::int32_t* row_offsets = nullptr;   ///< [variables + 1] start of a variable's row
  const float* unary = nullptr;                ///< [rows] cost units; padding kPadCost
  const std::int64_t* exact_unary = nullptr;   ///< [rows] cost units
  const std::int32_t* arc_offsets = nullptr;   ///< [variables + 1]
  const Arc* arcs = nullptr;                   ///< [arcs]
  const float* tables = nullptr;               ///< cost units; padding 0
  std::uint32_t zeros = 0;                     ///< index into tables: max_stride entries of 0;
                                               ///< before them room to read kRowPad - 1 rows more
  const std::int64_t* exact_tables = nullptr;  ///< cost units
  const std::int32_t* segment_offsets = nullptr;  ///< [variables + 1]
  const UsageSegment* segments = nullptr;         ///< [segments]
  const std::int32_t* usage = nullptr;            ///< [usage rows] quanta; padding 0
  const std::int32_t* capacity = nullptr;         ///< [times] quanta
  std::int64_t usage_quantum = 1;                 ///< memory units in one quantum

  WARPSHARD_HD std::int32_t stride(std::int32_t v) const {
    return row_offsets[v + 1] - row_offsets[v];
  }
};

}  // namespace warpshard
