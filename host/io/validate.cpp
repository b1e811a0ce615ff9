#include "warpshard/validate.h"

#include <string>

namespace warpshard {
namespace {

std::string place(const std::string& array, std::int64_t index) {
  return "problem." + array + "[" + std::to_string(index) + "]: ";
}

std::string place(const std::string& array, std::int64_t index, std::int64_t entry) {
  return "problem." + array + "[" + std::to_string(index) + "][" + std::to_string(entry) + "]: ";
}

std::string counts(std::uint64_t count, const std::string& expected) {
  return std::to_string(count) + (count == 1 ? " entry" : " entries") + ", expected " + expected;
}

std::optional<Error> check_node(const Problem& problem, std::int32_t node) {
  if (problem.num_strategies(node) < 1)
    return Error{place("nodes.costs", node) + counts(0, "at least 1")};
  const auto usages = problem.node_usages(node);
  for (std::size_t strategy = 0; strategy < usages.size(); ++strategy)
    if (usages[strategy] < 0)
      return Error{place("nodes.usages", node, static_cast<std::int64_t>(strategy)) +
                   std::to_string(usages[strategy]) + " is below zero"};
  return std::nullopt;
}

std::optional<Error> check_edge(const Problem& problem, std::int64_t edge) {
  const auto nodes = problem.nodes_of_edge(edge);
  if (nodes.empty()) return Error{place("edges.nodes", edge) + counts(0, "at least 1")};
  const std::uint64_t size = problem.table_of_edge(edge).size();
  std::uint64_t expected = 1;
  bool overflow = false;
  for (std::size_t end = 0; end < nodes.size(); ++end) {
    const std::int32_t node = nodes[end];
    if (node < 0 || node >= problem.num_nodes())
      return Error{place("edges.nodes", edge, static_cast<std::int64_t>(end)) + "node " +
                   std::to_string(node) + " is not in [0, " + std::to_string(problem.num_nodes()) +
                   ")"};
    overflow |= __builtin_mul_overflow(
        expected, static_cast<std::uint64_t>(problem.num_strategies(node)), &expected);
  }
  if (overflow || size != expected)
    return Error{place("edges.costs", edge) +
                 counts(size, overflow ? "more than 2^64" : std::to_string(expected))};
  return std::nullopt;
}

}  // namespace

std::optional<Error> validate(const Problem& problem) {
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    if (auto error = check_node(problem, node)) return error;
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
    if (auto error = check_edge(problem, edge)) return error;
  if (problem.usage_limit && *problem.usage_limit < 0)
    return Error{"problem.usage_limit: " + std::to_string(*problem.usage_limit) + " is below zero"};
  return std::nullopt;
}

}  // namespace warpshard
