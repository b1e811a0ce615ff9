#include "host/io/problem_checks.h"

#include <limits>

#include "host/io/failure.h"

namespace warpshard::io {
namespace {

constexpr std::uint64_t kMostStrategies = std::numeric_limits<std::int32_t>::max();

Error error_at(const std::string& where, const std::string& what) {
  return Error{where + ": " + what};
}

std::string place(const char* array, std::int64_t index) {
  return at(std::string("problem.") + array, index);
}

}  // namespace

std::string count_of(std::uint64_t count, const std::string& expected) {
  return std::to_string(count) + (count == 1 ? " entry" : " entries") + ", expected " + expected;
}

std::optional<Error> check_offsets(const std::string& name, std::span<const std::int64_t> offsets,
                                   std::uint64_t lists, std::uint64_t entries) {
  if (offsets.size() != lists + 1)
    return error_at(name, count_of(offsets.size(), std::to_string(lists + 1)));
  if (offsets[0] != 0) return error_at(at(name, 0), std::to_string(offsets[0]) + ", expected 0");
  for (std::size_t i = 1; i < offsets.size(); ++i)
    if (offsets[i] < offsets[i - 1])
      return error_at(at(name, static_cast<std::int64_t>(i)),
                      std::to_string(offsets[i]) + " is less than the one before");
  if (static_cast<std::uint64_t>(offsets.back()) != entries)
    return error_at(at(name, static_cast<std::int64_t>(lists)),
                    std::to_string(offsets.back()) + ", expected " + std::to_string(entries));
  return std::nullopt;
}

std::optional<Error> check_node(std::int64_t node, std::span<const std::int64_t> costs,
                                std::span<const std::int64_t> usages) {
  if (costs.empty()) return error_at(place("nodes.costs", node), count_of(0, "at least 1"));
  if (costs.size() > kMostStrategies)
    return error_at(place("nodes.costs", node), count_of(costs.size(), "less than 2^31"));
  if (usages.size() != costs.size())
    return error_at(place("nodes.usages", node),
                    count_of(usages.size(), std::to_string(costs.size())));
  for (std::size_t strategy = 0; strategy < usages.size(); ++strategy)
    if (usages[strategy] < 0)
      return error_at(at(place("nodes.usages", node), static_cast<std::int64_t>(strategy)),
                      std::to_string(usages[strategy]) + " is below zero");
  return std::nullopt;
}

std::optional<Error> check_edge(const Problem& problem, std::int64_t edge,
                                std::span<const std::int32_t> nodes, std::uint64_t table_size) {
  if (nodes.empty()) return error_at(place("edges.nodes", edge), count_of(0, "at least 1"));
  std::uint64_t expected = 1;
  bool overflow = false;
  for (std::size_t end = 0; end < nodes.size(); ++end) {
    const std::int32_t node = nodes[end];
    if (node < 0 || node >= problem.num_nodes())
      return error_at(at(place("edges.nodes", edge), static_cast<std::int64_t>(end)),
                      "node " + std::to_string(node) + " is not in [0, " +
                          std::to_string(problem.num_nodes()) + ")");
    overflow |= __builtin_mul_overflow(
        expected, static_cast<std::uint64_t>(problem.num_strategies(node)), &expected);
  }
  if (overflow || table_size != expected)
    return error_at(place("edges.costs", edge),
                    count_of(table_size, overflow ? "more than 2^64" : std::to_string(expected)));
  return std::nullopt;
}

std::optional<Error> check_usage_limit(std::int64_t limit) {
  if (limit >= 0) return std::nullopt;
  return error_at("problem.usage_limit", std::to_string(limit) + " is below zero");
}

}  // namespace warpshard::io
