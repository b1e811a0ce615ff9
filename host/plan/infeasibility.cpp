#include "host/plan/infeasibility.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace warpshard {
namespace {

/// Nodes that the line names.
constexpr std::size_t kNamed = 5;

std::int64_t least_usage(const Problem& problem, std::int32_t node) {
  const auto usages = problem.node_usages(node);
  return *std::min_element(usages.begin(), usages.end());
}

}  // namespace

Infeasibility least_peak(const Problem& problem) {
  // (time, change of usage); at equal times what ends comes first.
  std::vector<std::pair<std::int64_t, std::int64_t>> changes;
  changes.reserve(2 * static_cast<std::size_t>(problem.num_nodes()));
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const Interval& interval = problem.intervals[node];
    if (interval.empty()) continue;
    const std::int64_t least = least_usage(problem, node);
    changes.emplace_back(interval.lower, least);
    changes.emplace_back(interval.upper, -least);
  }
  std::sort(changes.begin(), changes.end());
  Infeasibility result;
  Int128 level = 0;
  for (const auto& [time, change] : changes) {
    level += change;
    if (level <= result.smallest_limit) continue;
    result.smallest_limit = level;
    result.time = time;
  }
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const Interval& interval = problem.intervals[node];
    const bool live = interval.lower <= result.time && result.time < interval.upper;
    if (live && least_usage(problem, node) > 0) result.nodes.push_back(node);
  }
  std::stable_sort(result.nodes.begin(), result.nodes.end(), [&](std::int32_t a, std::int32_t b) {
    return least_usage(problem, a) > least_usage(problem, b);
  });
  return result;
}

std::string describe_infeasibility(const Problem& problem) {
  const Infeasibility why = least_peak(problem);
  std::string line = "no plan is within the usage limit";
  if (problem.usage_limit) line += " of " + std::to_string(*problem.usage_limit);
  line += ": at time " + std::to_string(why.time) + " every plan uses at least " +
          to_string(why.smallest_limit) + ", the smallest limit that can be met; " +
          std::to_string(why.nodes.size()) + " nodes are live then, most of it in";
  for (std::size_t k = 0; k < std::min(kNamed, why.nodes.size()); ++k)
    line += (k > 0 ? ", " : " ") + std::string("node ") + std::to_string(why.nodes[k]) + " (" +
            std::to_string(least_usage(problem, why.nodes[k])) + ")";
  return line;
}

}  // namespace warpshard
