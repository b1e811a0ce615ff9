#include "host/plan/hint.h"

#include <algorithm>
#include <map>
#include <vector>

namespace warpshard {

HintedProblem::HintedProblem(const Problem& problem, std::span<const std::int32_t> hint)
    : hint_(hint) {
  hinted_.name = problem.name;
  hinted_.usage_limit = problem.usage_limit;
  hinted_.intervals = problem.intervals;
  add_nodes(problem);
  add_edges(problem);
}

void HintedProblem::add_nodes(const Problem& problem) {
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    auto costs = problem.node_costs(node);
    auto usages = problem.node_usages(node);
    if (hint_[node] >= 0) {
      costs = costs.subspan(static_cast<std::size_t>(hint_[node]), 1);
      usages = usages.subspan(static_cast<std::size_t>(hint_[node]), 1);
    }
    hinted_.costs.insert(hinted_.costs.end(), costs.begin(), costs.end());
    hinted_.usages.insert(hinted_.usages.end(), usages.begin(), usages.end());
    hinted_.strategy_offsets.push_back(static_cast<std::int64_t>(hinted_.costs.size()));
  }
}

void HintedProblem::add_edges(const Problem& problem) {
  hinted_.edge_offsets = problem.edge_offsets;
  hinted_.edge_nodes = problem.edge_nodes;
  // A table is made once for all edges whose nodes were hinted alike: by the problem's table, and
  // each node's number of strategies and hint.
  std::map<std::vector<std::int32_t>, std::int32_t> made;
  std::vector<std::int32_t> key;
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge) {
    key.assign(1, problem.edge_tables[edge]);
    for (const std::int32_t node : problem.nodes_of_edge(edge)) {
      key.push_back(problem.num_strategies(node));
      key.push_back(hint_[node]);
    }
    const auto next = static_cast<std::int32_t>(made.size());
    const auto [table, is_new] = made.try_emplace(key, next);
    if (is_new) add_table(problem, edge);
    hinted_.edge_tables.push_back(table->second);
  }
}

void HintedProblem::add_table(const Problem& problem, std::int64_t edge) {
  // Row-major positions of the strategies that are left, node by node.
  std::vector<std::int64_t> rows{0};
  for (const std::int32_t node : problem.nodes_of_edge(edge)) {
    const std::int32_t first = std::max(hint_[node], 0);
    const std::int32_t count = hinted_.num_strategies(node);
    std::vector<std::int64_t> finer;
    finer.reserve(rows.size() * static_cast<std::size_t>(count));
    for (const std::int64_t row : rows)
      for (std::int32_t k = 0; k < count; ++k)
        finer.push_back(row * problem.num_strategies(node) + first + k);
    rows = std::move(finer);
  }
  const auto entries = problem.table_of_edge(edge);
  for (const std::int64_t row : rows) hinted_.entries.push_back(entries[row]);
  hinted_.table_offsets.push_back(static_cast<std::int64_t>(hinted_.entries.size()));
}

Plan HintedProblem::lift(std::span<const std::int32_t> plan) const {
  Plan lifted(plan.begin(), plan.end());
  for (std::size_t node = 0; node < lifted.size(); ++node)
    if (hint_[node] >= 0) lifted[node] = hint_[node];
  return lifted;
}

Plan fill_in(const Problem& problem, std::span<const std::int32_t> hint) {
  Plan plan(hint.begin(), hint.end());
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    if (plan[node] >= 0) continue;
    const auto costs = problem.node_costs(node);
    plan[node] = static_cast<std::int32_t>(std::ranges::min_element(costs) - costs.begin());
  }
  return plan;
}

}  // namespace warpshard
