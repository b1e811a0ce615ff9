// The contest's Solver::Solve() by warpshard, in place of the contest's solver.cc.

#include "solver.h"

#include <absl/status/status.h>
#include <warpshard/builder.h>
#include <warpshard/solve.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

namespace iopddl {
namespace {

/// For want of infinity.
constexpr double kLongestSeconds = 365.0 * 24 * 3600;

/// -1, which no problem has, for what is no index of ours.
std::int32_t to_index(NodeIdx node) {
  return node < 0 || node > std::numeric_limits<std::int32_t>::max()
             ? -1
             : static_cast<std::int32_t>(node);
}

void add_node(const Node& node, warpshard::ProblemBuilder& builder) {
  std::vector<std::int64_t> costs;
  std::vector<std::int64_t> usages;
  for (const Strategy& strategy : node.strategies) {
    costs.push_back(strategy.cost);
    usages.push_back(strategy.usage);
  }
  builder.add_node({node.interval.first, node.interval.second}, costs, usages);
}

void add_edge(const Edge& edge, warpshard::ProblemBuilder& builder) {
  std::vector<std::int32_t> nodes;
  std::vector<std::int64_t> table;
  for (const NodeIdx node : edge.nodes) nodes.push_back(to_index(node));
  for (const Strategy& strategy : edge.strategies) table.push_back(strategy.cost);
  builder.add_edge(nodes, table);
}

warpshard::Result<warpshard::Problem> convert(const Problem& problem) {
  warpshard::ProblemBuilder builder;
  builder.set_name(problem.name);
  for (const Node& node : problem.nodes) add_node(node, builder);
  for (const Edge& edge : problem.edges) add_edge(edge, builder);
  if (problem.usage_limit) builder.set_usage_limit(*problem.usage_limit);
  return builder.build();
}

}  // namespace

absl::StatusOr<Solution> Solver::Solve(const Problem& problem, absl::Duration timeout) {
  warpshard::SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = std::min(absl::ToDoubleSeconds(timeout), kLongestSeconds);
  const auto converted = convert(problem);
  if (!converted) return absl::InvalidArgumentError(converted.error().message);
  const auto result = warpshard::solve(*converted, options, warpshard::SolverCallbacks());
  if (result.plan.empty()) return absl::NotFoundError(result.message);
  return Solution(result.plan.begin(), result.plan.end());
}

}  // namespace iopddl
