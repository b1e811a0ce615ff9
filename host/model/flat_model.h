#pragma once

#include <cstdint>
#include <vector>

#include "host/model/huge_pages.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"
#include "kernels/model_view.h"

namespace warpshard {

/// Owner of the flattened arrays that the kernels read (host memory). See ModelView for shapes.
class FlatModel {
 public:
  /// Throws std::length_error if the tables, both ways and padded, have 2^31 entries or more.
  /// Tables are written on up to `threads` threads. When stopped, tables and arcs are incomplete;
  /// the other arrays are whole all the same.
  explicit FlatModel(const Model& model, const StopToken& stop = {}, int threads = 1);

  /// Valid while this object lives and is not moved from.
  ModelView view() const;

  std::vector<std::int32_t> domains;
  std::vector<std::int32_t> row_offsets;
  std::vector<float> unary;
  std::vector<std::int64_t> exact_unary;
  std::vector<std::int32_t> arc_offsets;
  std::vector<Arc> arcs;
  HugePageVector<float> tables;
  HugePageVector<std::int64_t> exact_tables;
  std::vector<std::int32_t> segment_offsets;
  std::vector<UsageSegment> segments;
  std::vector<std::int32_t> usage;
  std::vector<std::int32_t> capacity;
  std::int64_t usage_quantum = 1;
  float forbidden_cost = 0;
  float price_ceiling = 0;
  std::int32_t max_stride = 0;
  bool parallel_edges = false;

 private:
  struct PlacedTable;

  static std::vector<PlacedTable> place_tables(const Model& model);
  void add_rows(const Model& model);
  void add_tables(const Model& model, StopGlance& stop, int threads);
  void fill_table(const Model& model, const PlacedTable& placed);
  void add_memory(const Model& model);
  float find_price_ceiling() const;
};

}  // namespace warpshard
