#include "host/store/canonical_edges.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "host/store/cost_list.h"

namespace warpshard::store {
namespace {

/// How far an edge's table entry moves with each node's strategy: [nodes].
std::vector<std::int64_t> strides_of(const Problem& problem, std::int64_t edge,
                                     const std::vector<std::int32_t>& nodes) {
  std::vector<std::int64_t> strides(nodes.size(), 0);
  const auto ends = problem.nodes_of_edge(edge);
  std::int64_t stride = 1;
  for (std::size_t end = ends.size(); end-- > 0;) {
    const auto place = std::ranges::lower_bound(nodes, ends[end]) - nodes.begin();
    if (place < std::ssize(nodes) && nodes[place] == ends[end]) strides[place] += stride;
    stride *= problem.num_strategies(ends[end]);
  }
  return strides;
}

/// Adds an edge's entries to `table`, row-major over `nodes`.
void add_table(const Problem& problem, std::int64_t edge, const std::vector<std::int32_t>& nodes,
               std::span<Cost> table) {
  const auto strides = strides_of(problem, edge, nodes);
  const auto entries = problem.table_of_edge(edge);
  std::vector<std::int32_t> strategies(nodes.size(), 0);
  std::int64_t at = 0;
  for (Cost& sum : table) {
    sum += Cost::of_entry(entries[at]);
    for (std::size_t place = nodes.size(); place-- > 0;) {
      at += strides[place];
      if (++strategies[place] < problem.num_strategies(nodes[place])) break;
      at -= strides[place] * strategies[place];
      strategies[place] = 0;
    }
  }
}

/// The nodes an edge decides between, ascending.
std::vector<std::int32_t> deciding_nodes(const Problem& problem, std::int64_t edge) {
  std::vector<std::int32_t> nodes;
  for (const std::int32_t node : problem.nodes_of_edge(edge))
    if (problem.num_strategies(node) > 1) nodes.push_back(node);
  std::ranges::sort(nodes);
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

}  // namespace

CanonicalEdges canonical_edges(const Problem& problem) {
  CanonicalEdges result;
  for (const std::int64_t entry : problem.costs) result.node_costs.push_back(Cost::of_entry(entry));
  std::vector<CanonicalEdges::Group> single;
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge) {
    auto nodes = deciding_nodes(problem, edge);
    if (nodes.empty()) {
      add_table(problem, edge, nodes, {&result.constant, 1});
    } else if (nodes.size() == 1) {
      const auto begin = result.node_costs.begin() + problem.strategy_offsets[nodes[0]];
      add_table(problem, edge, nodes, {begin, begin + problem.num_strategies(nodes[0])});
    } else {
      single.push_back({std::move(nodes), {edge}});
    }
  }
  std::ranges::stable_sort(single, {}, &CanonicalEdges::Group::nodes);
  for (CanonicalEdges::Group& group : single) {
    if (result.groups.empty() || result.groups.back().nodes != group.nodes)
      result.groups.push_back(std::move(group));
    else
      result.groups.back().edges.push_back(group.edges.front());
  }
  return result;
}

std::optional<Digest> TableDigests::of(const CanonicalEdges::Group& group) {
  if (group.edges.size() > 1 || group.nodes.size() > 2) return compute(group);
  const std::int64_t edge = group.edges.front();
  if (problem_.nodes_of_edge(edge).size() > 2) return compute(group);
  const Reading reading{problem_.edge_tables[edge], problem_.num_strategies(group.nodes[0]),
                        problem_.nodes_of_edge(edge)[0] != group.nodes[0]};
  const auto known = known_.find(reading);
  if (known != known_.end()) return known->second;
  return known_.emplace(reading, compute(group)).first->second;
}

std::optional<Digest> TableDigests::compute(const CanonicalEdges::Group& group) const {
  std::size_t size = 1;
  for (const std::int32_t node : group.nodes)
    size *= static_cast<std::size_t>(problem_.num_strategies(node));
  std::vector<Cost> table(size);
  for (const std::int64_t edge : group.edges) add_table(problem_, edge, group.nodes, table);
  if (std::ranges::all_of(table, [](const Cost& cost) { return cost == Cost{}; }))
    return std::nullopt;
  Sha256 hash;
  hash_costs(hash, table);
  return hash.finish();
}

}  // namespace warpshard::store
