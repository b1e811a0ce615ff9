#include "host/generate/lower.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <utility>

#include "host/generate/liveness.h"
#include "host/generate/tables.h"
#include "warpshard/cost.h"

namespace warpshard::generator {
namespace {

class Lowering {
 public:
  Lowering(const Graph& graph, const Mesh& mesh)
      : graph_(graph), mesh_(mesh), lists_(mesh), tables_(mesh, lists_, problem_) {}

  Problem run() {
    problem_.intervals = live_intervals(graph_);
    for (std::int32_t id = 0; id < graph_.size(); ++id) {
      const Node& leader = graph_[graph_[id].leader];
      strategies_.push_back(lists_.strategies(leader.space, leader.output_rank));
      add_strategies(id);
      add_edges(id);
    }
    return std::move(problem_);
  }

 private:
  /// The shardings of id's own index space, one per strategy.
  ListId own_list(std::int32_t id) {
    return lists_.seen_from(strategies_[id], restricted(graph_[id].to_leader, graph_[id].space));
  }

  static DimMap restricted(const DimMap& dims, const Shape& shape) {
    DimMap result = kNoDims;
    for (int d = 0; d < shape.rank; ++d) result[d] = dims[d];
    return result;
  }

  void add_strategies(std::int32_t id) {
    const Node& node = graph_[id];
    const Shape shape = node.shape();
    for (const Sharding& sharding : lists_[own_list(id)]) {
      problem_.usages.push_back(local_bytes(mesh_, shape, sharding));
      problem_.costs.push_back(
          divides_evenly(mesh_, node.space, sharding) ? cost(node, shape, sharding) : kForbidden);
    }
    problem_.strategy_offsets.push_back(static_cast<std::int64_t>(problem_.costs.size()));
  }

  /// Compute time plus the time to sum partial results. Elementwise operations cost nothing: they
  /// are fused into what they read, or wait for it.
  std::int64_t cost(const Node& node, const Shape& shape, const Sharding& sharding) const {
    const std::int64_t bytes = local_bytes(mesh_, shape, sharding);
    std::int64_t time = node.kind == OpKind::kEinsum ? multiply_time(node, sharding) : 0;
    for (int a = 0; a < mesh_.axes; ++a)
      if (sharding[a] >= node.output_rank) time += all_reduce_time(mesh_, a, bytes);
    return time;
  }

  /// Two operations per point of the index space; a teraflop per second is one per picosecond.
  std::int64_t multiply_time(const Node& node, const Sharding& sharding) const {
    std::int64_t points = 2 * node.space.elements();
    for (int a = 0; a < mesh_.axes; ++a)
      if (sharding[a] != kUnmapped) points /= mesh_.size[a];
    return points / mesh_.teraflops;
  }

  void add_edge(std::int32_t from, std::int32_t to, std::int32_t table) {
    problem_.edge_nodes.push_back(from);
    problem_.edge_nodes.push_back(to);
    problem_.edge_offsets.push_back(static_cast<std::int64_t>(problem_.edge_nodes.size()));
    problem_.edge_tables.push_back(table);
  }

  void add_edges(std::int32_t id) {
    const Node& node = graph_[id];
    if (node.tie >= 0) add_tie(id);
    for (const Operand& operand : node.operands) add_read(id, operand);
  }

  void add_tie(std::int32_t id) {
    const Node& node = graph_[id];
    const std::int32_t table = tables_.agreement(problem_.num_strategies(id));
    // An in-place update asks its parameter to agree, not the other way round.
    if (node.buffer == node.tie && node.kind != OpKind::kAlias)
      add_edge(id, node.tie, table);
    else
      add_edge(node.tie, id, table);
  }

  void add_read(std::int32_t id, const Operand& operand) {
    const Node& node = graph_[id];
    const Node& source = graph_[operand.node];
    const Shape tensor = source.shape();
    const DimMap source_dims = restricted(source.to_leader, tensor);
    DimMap reader_dims = kNoDims;
    for (int d = 0; d < tensor.rank; ++d)
      if (operand.dims[d] != kUnmapped) reader_dims[d] = node.to_leader[operand.dims[d]];
    if (node.leader == source.leader && reader_dims == source_dims) return;
    if (node.tie >= 0 && node.tie == source.leader) return;  // the tie already says it
    const ListId from = lists_.seen_from(strategies_[operand.node], source_dims);
    const ListId to = lists_.seen_from(strategies_[id], reader_dims);
    // What a leader's cluster reads twice in the same way is brought there once.
    if (!reads_.emplace(operand.node, node.leader, to).second) return;
    const auto [u, v] = std::minmax(source.leader, node.leader);
    if (from == to && must_agree(source, node, tensor))
      add_edge(u, v, tables_.agreement(problem_.num_strategies(u)));
    else
      add_edge(u, v, tables_.resharding(tensor, from, to, source.leader > node.leader));
  }

  /// True where a reader may not reshard: the tensor's sharding tells the whole strategy of both.
  bool must_agree(const Node& source, const Node& reader, const Shape& tensor) const {
    if (graph_.coupling() != Coupling::kChain || tensor.rank == 0) return false;
    const bool elementwise = reader.kind == OpKind::kUnary || reader.kind == OpKind::kConvert ||
                             reader.kind == OpKind::kAdd || reader.kind == OpKind::kMultiply;
    return elementwise && tensor.rank == graph_[source.leader].space.rank &&
           tensor.rank == graph_[reader.leader].space.rank;
  }

  const Graph& graph_;
  const Mesh& mesh_;
  Problem problem_;
  ShardingLists lists_;
  EdgeTables tables_;
  std::vector<ListId> strategies_;                                  ///< [nodes] their leader's
  std::set<std::tuple<std::int32_t, std::int32_t, ListId>> reads_;  ///< operand, reader, as what
};

}  // namespace

Problem lower(const Graph& graph, const Mesh& mesh) {
  return Lowering(graph, mesh).run();
}

}  // namespace warpshard::generator
