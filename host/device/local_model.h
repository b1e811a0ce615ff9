#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "kernels/model_view.h"

namespace warpshard {

/// An order of a model's variables in which neighbours stand near each other (reverse
/// Cuthill-McKee), component by component: [variables].
std::vector<std::int32_t> local_order(const FlatModel& model);

/// A FlatModel with its variables numbered afresh, so that what a tree of neighbours reads of a
/// chain lies together: a device fetches 32 bytes for each value that it looks up. Has the arrays
/// of ModelView; refers to the FlatModel's tables, usage and capacity, which must outlive it.
class LocalModel {
 public:
  /// Variable k is the model's variable order[k].
  LocalModel(const FlatModel& model, std::span<const std::int32_t> order);

  std::vector<std::int32_t> domains;
  std::vector<std::int32_t> row_offsets;
  std::vector<float> unary;
  std::vector<std::int64_t> exact_unary;
  std::vector<std::int32_t> arc_offsets;
  std::vector<Arc> arcs;
  std::span<const float> tables;
  std::span<const std::int64_t> exact_tables;
  std::vector<std::int32_t> segment_offsets;
  std::vector<UsageSegment> segments;
  std::span<const std::int32_t> usage;
  std::span<const std::int32_t> capacity;

 private:
  using Order = std::span<const std::int32_t>;

  void add_rows(const FlatModel& model, Order order);
  void add_arcs(const FlatModel& model, Order order);
  void add_segments(const FlatModel& model, Order order);
};

/// Writes the values of an assignment of the FlatModel's variables in the given order.
void write_in_order(std::span<const std::int32_t> assignment, std::span<const std::int32_t> order,
                    std::uint16_t* values);

/// The assignment whose values stand in the given order.
Assignment read_in_order(std::span<const std::uint16_t> values,
                         std::span<const std::int32_t> order);

}  // namespace warpshard
