#pragma once

#include <cstdint>
#include <vector>

#include "host/model/model.h"
#include "host/model/stop_token.h"
#include "kernels/model_view.h"

namespace warpshard {

/// Owner of the flattened arrays that the kernels read (host memory). See ModelView for shapes.
class FlatModel {
 public:
  /// On up to `threads` threads; the same for any number.
  explicit FlatModel(const Model& model, const StopToken& stop = {}, int threads = 1);

  /// Valid while this object lives and is not moved from.
  ModelView view() const;

  std::vector<std::int32_t> domains;
  std::vector<std::int32_t> row_offsets;
  std::vector<float> unary;
  std::vector<std::int64_t> exact_unary;
  std::vector<std::int32_t> arc_offsets;
  std::vector<Arc> arcs;
  std::vector<float> tables;
  std::vector<std::int64_t> exact_tables;
  std::vector<std::int32_t> segment_offsets;
  std::vector<UsageSegment> segments;
  std::vector<std::int32_t> usage;
  std::vector<std::int32_t> capacity;
  std::int64_t usage_quantum = 1;
  float forbidden_cost = 0;
  std::int32_t max_stride = 0;

 private:
  /// Where a table's rows begin in both orientations: by u's value, and by v's value.
  struct Placed {
    std::uint32_t by_u = 0;
    std::uint32_t by_v = 0;
    std::int32_t domain_u = 0;  ///< 0: no edge has the table
    std::int32_t domain_v = 0;
  };

  void add_rows(const Model& model);
  void add_tables(const Model& model, StopGlance& stop, int threads);
  void fill_table(const Placed& placed, const std::int64_t* entries);
  void add_memory(const Model& model);
};

}  // namespace warpshard
