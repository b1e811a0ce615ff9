#include "host/search/repair.h"

#include <algorithm>
#include <vector>

#include "host/model/cost.h"

namespace warpshard {
namespace {

std::int32_t least_usage_strategy(const Problem& problem, std::int32_t node) {
  const auto usages = problem.node_usages(node);
  return static_cast<std::int32_t>(std::ranges::min_element(usages) - usages.begin());
}

/// Goes through time once. Usage is only ever lowered, so what was within the limit stays so.
class UsageRepair {
 public:
  UsageRepair(const Problem& problem, Plan& plan) : problem_(problem), plan_(plan) {
    edges_.resize(plan.size());
    for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
      for (const std::int32_t node : problem.nodes_of_edge(edge)) edges_[node].push_back(edge);
  }

  /// Nodes that were moved; `within_limit` says whether that was enough.
  std::int64_t run(bool& within_limit) {
    std::vector<std::int32_t> by_start;
    for (std::int32_t node = 0; node < problem_.num_nodes(); ++node)
      if (!problem_.intervals[node].empty()) by_start.push_back(node);
    std::ranges::sort(by_start, {},
                      [&](std::int32_t node) { return problem_.intervals[node].lower; });
    moved_.assign(plan_.size(), false);
    for (std::size_t next = 0; next < by_start.size();) {
      const std::int64_t time = problem_.intervals[by_start[next]].lower;
      std::erase_if(live_,
                    [&](std::int32_t node) { return problem_.intervals[node].upper <= time; });
      while (next < by_start.size() && problem_.intervals[by_start[next]].lower == time)
        live_.push_back(by_start[next++]);
      if (!lower_to_limit()) within_limit = false;
    }
    return std::ranges::count(moved_, true);
  }

 private:
  struct Move {
    std::int32_t node = 0;
    std::int32_t strategy = 0;
    std::int64_t forbidden = 0;  ///< entries more than before
    double price = 0;            ///< finite cost per unit saved
  };

  Int128 excess() const {
    Int128 level = -Int128{*problem_.usage_limit};
    for (const std::int32_t node : live_) level += problem_.node_usages(node)[plan_[node]];
    return level;
  }

  bool lower_to_limit() {
    for (Int128 over = excess(); over > 0; over = excess()) {
      std::vector<Move> moves;
      for (const std::int32_t node : live_) add_move(node, over, moves);
      if (moves.empty()) return false;
      std::ranges::sort(moves, [](const Move& a, const Move& b) {
        return a.forbidden != b.forbidden ? a.forbidden < b.forbidden : a.price < b.price;
      });
      for (const Move& move : moves) {
        if (over <= 0) break;
        const auto usages = problem_.node_usages(move.node);
        over -= usages[plan_[move.node]] - usages[move.strategy];
        plan_[move.node] = move.strategy;
        moved_[move.node] = true;
      }
    }
    return true;
  }

  /// The node's cheapest way to save, if it has one; what it saves beyond `over` is worth nothing.
  void add_move(std::int32_t node, Int128 over, std::vector<Move>& moves) {
    const auto usages = problem_.node_usages(node);
    const std::int32_t present = plan_[node];
    const Cost before = cost_around(node);
    bool found = false;
    Move best;
    for (std::int32_t strategy = 0; strategy < problem_.num_strategies(node); ++strategy) {
      if (usages[strategy] >= usages[present]) continue;
      plan_[node] = strategy;
      const Cost after = cost_around(node);
      const auto saved =
          static_cast<double>(std::min(over, Int128{usages[present]} - usages[strategy]));
      const Move move{node, strategy, after.forbidden - before.forbidden,
                      static_cast<double>(after.finite - before.finite) / saved};
      if (!found || move.forbidden < best.forbidden ||
          (move.forbidden == best.forbidden && move.price < best.price))
        best = move;
      found = true;
    }
    plan_[node] = present;
    if (found) moves.push_back(best);
  }

  /// Cost of a node and its edges. An edge that lists the node twice counts twice: good enough to
  /// rank moves by.
  Cost cost_around(std::int32_t node) const {
    Cost cost = Cost::of_entry(problem_.node_costs(node)[plan_[node]]);
    for (const std::int64_t edge : edges_[node]) {
      std::int64_t entry = 0;
      for (const std::int32_t end : problem_.nodes_of_edge(edge))
        entry = entry * problem_.num_strategies(end) + plan_[end];
      cost += Cost::of_entry(problem_.table_of_edge(edge)[entry]);
    }
    return cost;
  }

  const Problem& problem_;
  Plan& plan_;
  std::vector<std::vector<std::int64_t>> edges_;  ///< [nodes] edges that list the node
  std::vector<std::int32_t> live_;                ///< nodes in use at the time looked at
  std::vector<bool> moved_;                       ///< [nodes]
};

void append(std::string& text, std::int64_t count, const char* one, const char* many) {
  if (count == 0) return;
  if (!text.empty()) text += ", ";
  text += std::to_string(count) + (count == 1 ? one : many);
}

}  // namespace

std::string RepairedPlan::description() const {
  std::string text;
  append(text, surplus, " entry too many", " entries too many");
  append(text, missing, " entry missing", " entries missing");
  append(text, unknown, " strategy that does not exist", " strategies that do not exist");
  append(text, lowered, " node moved to use less memory", " nodes moved to use less memory");
  return text;
}

RepairedPlan repair_plan(const Problem& problem, std::span<const std::int32_t> entries) {
  const auto nodes = static_cast<std::int64_t>(problem.num_nodes());
  const auto given = static_cast<std::int64_t>(entries.size());
  RepairedPlan result;
  result.surplus = std::max<std::int64_t>(0, given - nodes);
  result.missing = std::max<std::int64_t>(0, nodes - given);
  for (std::int32_t node = 0; node < nodes; ++node) {
    const bool here = node < given;
    const bool known = here && entries[node] >= 0 && entries[node] < problem.num_strategies(node);
    if (here && !known) ++result.unknown;
    result.plan.push_back(known ? entries[node] : least_usage_strategy(problem, node));
  }
  if (problem.usage_limit)
    result.lowered = UsageRepair(problem, result.plan).run(result.within_limit);
  return result;
}

}  // namespace warpshard
