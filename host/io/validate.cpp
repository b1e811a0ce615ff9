#include "warpshard/validate.h"

#include <limits>
#include <string>

#include "host/io/failure.h"
#include "host/io/problem_checks.h"

namespace warpshard {
namespace {

/// Sizes and offsets: what the accessors of Problem rely on.
std::optional<Error> check_layout(const Problem& problem) {
  constexpr std::size_t kMostNodes = std::numeric_limits<std::int32_t>::max();
  const std::size_t nodes = problem.intervals.size();
  const std::size_t edges = problem.edge_tables.size();
  if (nodes == 0) return Error{"problem.nodes.costs: " + io::count_of(0, "at least 1")};
  if (nodes >= kMostNodes)
    return Error{"problem.nodes.intervals: " + io::count_of(nodes, "less than 2^31 - 1")};
  if (auto error = io::check_offsets("problem.strategy_offsets", problem.strategy_offsets, nodes,
                                     problem.costs.size()))
    return error;
  if (problem.usages.size() != problem.costs.size())
    return Error{"problem.nodes.usages: " +
                 io::count_of(problem.usages.size(), std::to_string(problem.costs.size())) +
                 " in all"};
  if (auto error = io::check_offsets("problem.edge_offsets", problem.edge_offsets, edges,
                                     problem.edge_nodes.size()))
    return error;
  if (problem.table_offsets.empty())
    return Error{"problem.table_offsets: " + io::count_of(0, "at least 1")};
  return io::check_offsets("problem.table_offsets", problem.table_offsets,
                           problem.table_offsets.size() - 1, problem.entries.size());
}

std::optional<Error> check_edge(const Problem& problem, std::int64_t edge) {
  const std::size_t tables = problem.table_offsets.size() - 1;
  const std::int32_t table = problem.edge_tables[edge];
  if (table < 0 || static_cast<std::size_t>(table) >= tables)
    return Error{io::at("problem.edge_tables", edge) + ": table " + std::to_string(table) +
                 " is not in [0, " + std::to_string(tables) + ")"};
  return io::check_edge(problem, edge, problem.nodes_of_edge(edge),
                        problem.table_of_edge(edge).size());
}

}  // namespace

std::optional<Error> validate(const Problem& problem) {
  if (auto error = check_layout(problem)) return error;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    if (auto error = io::check_node(node, problem.node_costs(node), problem.node_usages(node)))
      return error;
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
    if (auto error = check_edge(problem, edge)) return error;
  return problem.usage_limit ? io::check_usage_limit(*problem.usage_limit) : std::nullopt;
}

}  // namespace warpshard
