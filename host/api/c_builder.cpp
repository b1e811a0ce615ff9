// The C interface to ProblemBuilder.

#include <memory>
#include <utility>
#include <vector>

#include "host/api/c_guard.h"
#include "host/api/c_handles.h"

using namespace warpshard::api;

namespace {

/// The status of what the builder was just asked to do.
warpshard_status outcome_of(warpshard_builder* handle) {
  const auto error = handle->builder.take_error();
  return error ? failed(WARPSHARD_INVALID, error->message) : WARPSHARD_OK;
}

/// The same, with an index to hand over where it is wanted.
template <typename Index>
warpshard_status outcome_of(warpshard_builder* handle, Index index, Index* out) {
  const warpshard_status status = outcome_of(handle);
  if (status == WARPSHARD_OK && out != nullptr) *out = index;
  return status;
}

warpshard_status no_array() {
  return failed(WARPSHARD_INVALID, "a count is negative or too large, or an array is NULL");
}

/// Offsets of `count` lists; nothing where they cannot be.
bool are_offsets(const int64_t* offsets, int64_t count) {
  constexpr std::int64_t kMost = INT32_MAX;
  return offsets != nullptr && count >= 0 && count <= kMost && offsets[count] >= 0;
}

}  // namespace

warpshard_status warpshard_builder_create(warpshard_builder** out) {
  const auto create = [&] {
    *out = new warpshard_builder;
    return WARPSHARD_OK;
  };
  return guarded_with(create, out);
}

void warpshard_builder_free(warpshard_builder* builder) {
  delete builder;
}

warpshard_status warpshard_builder_set_name(warpshard_builder* builder, const char* name) {
  const auto set = [&] {
    builder->builder.set_name(name);
    return WARPSHARD_OK;
  };
  return guarded_with(set, builder, name);
}

warpshard_status warpshard_builder_set_usage_limit(warpshard_builder* builder, int64_t limit) {
  const auto set = [&] {
    builder->builder.set_usage_limit(limit);
    return outcome_of(builder);
  };
  return guarded_with(set, builder);
}

warpshard_status warpshard_builder_clear_usage_limit(warpshard_builder* builder) {
  const auto clear = [&] {
    builder->builder.clear_usage_limit();
    return WARPSHARD_OK;
  };
  return guarded_with(clear, builder);
}

warpshard_status warpshard_builder_add_node(warpshard_builder* builder, int64_t lower,
                                            int64_t upper, int32_t strategies, const int64_t* costs,
                                            const int64_t* usages, int32_t* index) {
  const auto add = [&] {
    if (!is_array(costs, strategies) || !is_array(usages, strategies)) return no_array();
    const auto node = builder->builder.add_node({lower, upper}, array_of(costs, strategies),
                                                array_of(usages, strategies));
    return outcome_of(builder, node, index);
  };
  return guarded_with(add, builder);
}

warpshard_status warpshard_builder_add_nodes(warpshard_builder* builder, int64_t nodes,
                                             const int64_t* intervals, const int64_t* offsets,
                                             const int64_t* costs, const int64_t* usages,
                                             int32_t* first) {
  const auto add = [&] {
    if (!are_offsets(offsets, nodes) || !is_array(intervals, nodes)) return no_array();
    const std::int64_t strategies = offsets[nodes];
    if (!is_array(costs, strategies) || !is_array(usages, strategies)) return no_array();
    std::vector<warpshard::Interval> live;
    live.reserve(static_cast<std::size_t>(nodes));
    for (std::int64_t node = 0; node < nodes; ++node)
      live.push_back({intervals[2 * node], intervals[2 * node + 1]});
    const auto index =
        builder->builder.add_nodes({live, array_of(offsets, nodes + 1), array_of(costs, strategies),
                                    array_of(usages, strategies)});
    return outcome_of(builder, index, first);
  };
  return guarded_with(add, builder);
}

warpshard_status warpshard_builder_add_edge(warpshard_builder* builder, int64_t ends,
                                            const int32_t* nodes, int64_t entries,
                                            const int64_t* table, int64_t* index) {
  const auto add = [&] {
    if (!is_array(nodes, ends) || !is_array(table, entries)) return no_array();
    const auto edge = builder->builder.add_edge(array_of(nodes, ends), array_of(table, entries));
    return outcome_of(builder, edge, index);
  };
  return guarded_with(add, builder);
}

warpshard_status warpshard_builder_add_edges(warpshard_builder* builder, int64_t edges,
                                             const int64_t* end_offsets, const int32_t* nodes,
                                             const int32_t* tables, int64_t num_tables,
                                             const int64_t* table_offsets, const int64_t* entries,
                                             int64_t* first) {
  const auto add = [&] {
    if (edges < 0 || edges > INT32_MAX || !are_offsets(table_offsets, num_tables))
      return no_array();
    if (end_offsets != nullptr && !are_offsets(end_offsets, edges)) return no_array();
    const std::int64_t ends = end_offsets != nullptr ? end_offsets[edges] : 2 * edges;
    const std::int64_t size = table_offsets[num_tables];
    if (!is_array(nodes, ends) || !is_array(entries, size)) return no_array();
    if (tables == nullptr && num_tables != edges)
      return failed(WARPSHARD_INVALID, "without tables of their own, edges need a table each");
    // No edges read no table.
    const std::int64_t used = edges == 0 ? 0 : num_tables;
    warpshard::EdgeArrays arrays{array_of(nodes, ends),
                                 {},
                                 {},
                                 array_of(table_offsets, used + 1),
                                 array_of(entries, edges == 0 ? 0 : size)};
    if (end_offsets != nullptr) arrays.end_offsets = array_of(end_offsets, edges + 1);
    if (tables != nullptr) arrays.tables = array_of(tables, edges);
    const auto index = builder->builder.add_edges(arrays);
    return outcome_of(builder, index, first);
  };
  return guarded_with(add, builder);
}

warpshard_status warpshard_builder_build(warpshard_builder* builder, warpshard_problem** out) {
  const auto build = [&] {
    auto handle = std::make_unique<warpshard_problem>();  // so that nothing built is lost
    auto problem = builder->builder.build();
    if (!problem) return failed(WARPSHARD_INVALID, problem.error().message);
    handle->problem = std::move(*problem);
    *out = handle.release();
    return WARPSHARD_OK;
  };
  return guarded_with(build, builder, out);
}
