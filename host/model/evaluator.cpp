#include "warpshard/evaluate.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace warpshard {
namespace {

std::string out_of_range(std::int32_t node, std::int32_t strategy, std::int32_t count) {
  return "node " + std::to_string(node) + ": strategy " + std::to_string(strategy) +
         " is not in [0, " + std::to_string(count) + ")";
}

Cost cost_of_plan(const Problem& problem, std::span<const std::int32_t> plan) {
  Cost cost;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    cost += Cost::of_entry(problem.node_costs(node)[plan[node]]);
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
    cost += Cost::of_entry(problem.entry_of_edge(edge, plan));
  return cost;
}

/// A change of usage at a time.
struct Change {
  std::int64_t time;
  Int128 amount;
};

std::vector<Change> changes_in_order(const Problem& problem, std::span<const std::int32_t> plan) {
  std::vector<Change> changes;
  changes.reserve(2 * plan.size());
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const Interval interval = problem.intervals[node];
    if (interval.empty()) continue;
    const Int128 amount = problem.node_usages(node)[plan[node]];
    changes.push_back({interval.lower, amount});
    changes.push_back({interval.upper, -amount});
  }
  std::ranges::sort(changes, {}, &Change::time);
  return changes;
}

void measure_usage(const Problem& problem, std::span<const std::int32_t> plan,
                   Evaluation& evaluation) {
  for (const auto& [time, usage] : usage_over_time(problem, plan)) {
    if (usage > evaluation.peak_usage) {
      evaluation.peak_usage = usage;
      evaluation.peak_time = time;
    }
    if (problem.usage_limit && usage > *problem.usage_limit) ++evaluation.violations;
  }
  evaluation.within_limit = !problem.usage_limit || evaluation.peak_usage <= *problem.usage_limit;
}

}  // namespace

std::vector<UsageStep> usage_over_time(const Problem& problem, std::span<const std::int32_t> plan) {
  const auto changes = changes_in_order(problem, plan);
  std::vector<UsageStep> steps;
  Int128 level = 0;
  for (std::size_t i = 0; i < changes.size();) {
    const std::int64_t time = changes[i].time;
    for (; i < changes.size() && changes[i].time == time; ++i) level += changes[i].amount;
    steps.push_back({time, level});
  }
  return steps;
}

Result<Evaluation> evaluate(const Problem& problem, std::span<const std::int32_t> plan) {
  if (plan.size() != static_cast<std::size_t>(problem.num_nodes()))
    return Error{"the plan has " + std::to_string(plan.size()) + " entries for " +
                 std::to_string(problem.num_nodes()) + " nodes"};
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    if (plan[node] < 0 || plan[node] >= problem.num_strategies(node))
      return Error{out_of_range(node, plan[node], problem.num_strategies(node))};
  Evaluation evaluation;
  evaluation.cost = cost_of_plan(problem, plan);
  measure_usage(problem, plan, evaluation);
  return evaluation;
}

}  // namespace warpshard
