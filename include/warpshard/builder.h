#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// Many nodes at once. Node i of them has the strategies strategy_offsets[i] ..
/// strategy_offsets[i + 1].
struct NodeArrays {
  std::span<const Interval> intervals;             ///< [nodes]
  std::span<const std::int64_t> strategy_offsets;  ///< [nodes + 1], from 0 up
  std::span<const std::int64_t> costs;             ///< [strategies] cost units
  std::span<const std::int64_t> usages;            ///< [strategies] memory units, not negative
};

/// Many edges at once. Edge e of them joins nodes[end_offsets[e] .. end_offsets[e + 1]] and reads
/// table tables[e], whose entries are entries[table_offsets[t] .. table_offsets[t + 1]].
struct EdgeArrays {
  std::span<const std::int32_t> nodes;          ///< [edge ends]
  std::span<const std::int64_t> end_offsets;    ///< [edges + 1], from 0 up; empty: two ends each
  std::span<const std::int32_t> tables;         ///< [edges]; empty: edge e reads table e
  std::span<const std::int64_t> table_offsets;  ///< [tables + 1], from 0 up
  std::span<const std::int64_t> entries;        ///< [table entries] cost units, row-major
};

/// Puts a Problem together, checks every part as it comes and stores equal tables once.
///
///     ProblemBuilder builder;
///     const auto matmul = builder.add_node({0, 10}, costs, usages);
///     const auto relu = builder.add_node({5, 20}, other_costs, other_usages);
///     builder.add_edge(std::array{matmul, relu}, table);
///     builder.set_usage_limit(bytes);
///     const Result<Problem> problem = builder.build();
///
/// What is wrong is not added: the call returns -1, and so do all later ones until the error has
/// been taken, with take_error() or by build(). Messages name the node or edge and what was
/// expected, in load_problem()'s words: "problem.edges.costs[17]: 12 entries, expected 16". A call
/// that runs out of memory throws std::bad_alloc and adds nothing.
class ProblemBuilder {
 public:
  WARPSHARD_EXPORT ProblemBuilder();
  WARPSHARD_EXPORT ~ProblemBuilder();
  WARPSHARD_EXPORT ProblemBuilder(ProblemBuilder&& other) noexcept;
  WARPSHARD_EXPORT ProblemBuilder& operator=(ProblemBuilder&& other) noexcept;

  WARPSHARD_EXPORT void set_name(std::string name);
  /// Memory units, not negative, that live nodes may use together at any time.
  WARPSHARD_EXPORT void set_usage_limit(std::int64_t limit);
  /// No limit, as at first.
  WARPSHARD_EXPORT void clear_usage_limit();

  /// A node live over `interval`, with a cost (cost units, kForbidden or more where forbidden) and
  /// a usage (memory units, not negative) per strategy, of which there is at least one. Its index,
  /// counted from 0.
  WARPSHARD_EXPORT std::int32_t add_node(Interval interval, std::span<const std::int64_t> costs,
                                         std::span<const std::int64_t> usages);
  /// The index of the first of them; all are added, or none is.
  WARPSHARD_EXPORT std::int32_t add_nodes(const NodeArrays& nodes);

  /// An edge over one or more nodes (repeats allowed) that were added before; `table` is row-major
  /// over their strategies, the last node's varies fastest. Its index, counted from 0.
  WARPSHARD_EXPORT std::int64_t add_edge(std::span<const std::int32_t> nodes,
                                         std::span<const std::int64_t> table);
  /// The index of the first of them; all are added, or none is. Tables that no edge reads are left
  /// out.
  WARPSHARD_EXPORT std::int64_t add_edges(const EdgeArrays& edges);

  WARPSHARD_EXPORT std::int32_t num_nodes() const;
  WARPSHARD_EXPORT std::int64_t num_edges() const;
  /// -1 where there is no such node.
  WARPSHARD_EXPORT std::int32_t num_strategies(std::int32_t node) const;

  /// What went wrong since it was last asked, if anything did; the builder goes on from before
  /// that.
  WARPSHARD_EXPORT std::optional<Error> take_error();

  /// The problem, or what went wrong. Afterwards the builder is as new.
  WARPSHARD_EXPORT Result<Problem> build();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace warpshard
