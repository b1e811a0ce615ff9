#include "host/plan/plan_repair.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "warpshard/cost.h"

namespace warpshard {
namespace {

constexpr std::uint32_t kNodesBetweenLooks = 64;

std::int32_t least_usage_strategy(const Problem& problem, std::int32_t node) {
  const auto usages = problem.node_usages(node);
  return static_cast<std::int32_t>(std::ranges::min_element(usages) - usages.begin());
}

/// Goes through time once. Usage is only ever lowered, so what was within the limit stays so.
class UsageRepair {
 public:
  UsageRepair(const Problem& problem, Plan& plan, const StopToken& stop)
      : problem_(problem),
        plan_(plan),
        stop_(stop, kNodesBetweenLooks),
        excess_(-Int128{*problem.usage_limit}) {
    edges_.resize(plan.size());
    for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
      for (const std::int32_t node : problem.nodes_of_edge(edge)) edges_[node].push_back(edge);
  }

  /// Nodes that were moved; `within_limit` says whether that was enough.
  std::int64_t run(bool& within_limit) {
    std::vector<std::int32_t> by_start;
    for (std::int32_t node = 0; node < problem_.num_nodes(); ++node)
      if (!problem_.intervals[node].empty()) by_start.push_back(node);
    std::vector<std::int32_t> by_end = by_start;
    const auto lower = [&](std::int32_t node) { return problem_.intervals[node].lower; };
    const auto upper = [&](std::int32_t node) { return problem_.intervals[node].upper; };
    std::ranges::sort(by_start, {}, lower);
    std::ranges::sort(by_end, {}, upper);
    moved_.assign(plan_.size(), false);
    std::size_t gone = 0;
    for (std::size_t next = 0; next < by_start.size();) {
      const std::int64_t time = lower(by_start[next]);
      for (; upper(by_end[gone]) <= time; ++gone) excess_ -= usage(by_end[gone]);
      for (; next < by_start.size() && lower(by_start[next]) == time; ++next) {
        live_.push_back(by_start[next]);
        excess_ += usage(by_start[next]);
      }
      if (excess_ <= 0) continue;
      std::erase_if(live_, [&](std::int32_t node) { return upper(node) <= time; });
      if (lower_to_limit()) continue;
      within_limit = false;
      if (stop_.stopped()) break;
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

  Int128 usage(std::int32_t node) const { return problem_.node_usages(node)[plan_[node]]; }

  /// False if nothing is left that could be lowered, or if stopped.
  bool lower_to_limit() {
    while (excess_ > 0) {
      std::vector<Move> moves;
      for (const std::int32_t node : live_) {
        if (stop_.stopped()) return false;
        add_move(node, moves);
      }
      if (moves.empty()) return false;
      std::ranges::sort(moves, [](const Move& a, const Move& b) {
        return a.forbidden != b.forbidden ? a.forbidden < b.forbidden : a.price < b.price;
      });
      for (const Move& move : moves) {
        if (excess_ <= 0) break;
        excess_ -= usage(move.node);
        plan_[move.node] = move.strategy;
        excess_ += usage(move.node);
        moved_[move.node] = true;
      }
    }
    return true;
  }

  /// The node's cheapest way to save, if it has one; to save more than the excess is worth nothing.
  void add_move(std::int32_t node, std::vector<Move>& moves) {
    const auto usages = problem_.node_usages(node);
    const std::int32_t present = plan_[node];
    if (std::ranges::min(usages) == usages[present]) return;
    const Cost before = cost_around(node);
    bool found = false;
    Move best;
    for (std::int32_t strategy = 0; strategy < problem_.num_strategies(node); ++strategy) {
      if (usages[strategy] >= usages[present]) continue;
      plan_[node] = strategy;
      const Cost after = cost_around(node);
      const auto saved =
          static_cast<double>(std::min(excess_, Int128{usages[present]} - usages[strategy]));
      const Move move{node, strategy, after.forbidden - before.forbidden,
                      static_cast<double>(after.finite - before.finite) / saved};
      if (!found || move.forbidden < best.forbidden ||
          (move.forbidden == best.forbidden && move.price < best.price))
        best = move;
      found = true;
    }
    plan_[node] = present;
    moves.push_back(best);
  }

  /// Cost of a node and its edges. An edge that lists the node twice counts twice: good enough to
  /// rank moves by.
  Cost cost_around(std::int32_t node) const {
    Cost cost = Cost::of_entry(problem_.node_costs(node)[plan_[node]]);
    for (const std::int64_t edge : edges_[node])
      cost += Cost::of_entry(problem_.entry_of_edge(edge, plan_));
    return cost;
  }

  const Problem& problem_;
  Plan& plan_;
  StopGlance stop_;
  std::vector<std::vector<std::int64_t>> edges_;  ///< [nodes] edges that list the node
  Int128 excess_;                                 ///< usage at the time looked at, less the limit
  std::vector<std::int32_t> live_;                ///< nodes in use then, and some that were before
  std::vector<bool> moved_;                       ///< [nodes]
};

/// Each node takes what costs least with the strategies of the nodes before it, of equals what uses
/// least. When stopped, the last nodes have none.
Plan greedy(const Problem& problem, const StopToken& stop) {
  StopGlance glance(stop, kNodesBetweenLooks);
  Plan plan(static_cast<std::size_t>(problem.num_nodes()), 0);
  std::vector<std::vector<std::int64_t>> edges(plan.size());  // by their last node
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
    edges[std::ranges::max(problem.nodes_of_edge(edge))].push_back(edge);
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    if (glance.stopped()) {
      plan.resize(static_cast<std::size_t>(node));
      break;
    }
    const auto rank = [&](std::int32_t strategy) {
      plan[node] = strategy;
      Cost cost = Cost::of_entry(problem.node_costs(node)[strategy]);
      for (const std::int64_t edge : edges[node])
        cost += Cost::of_entry(problem.entry_of_edge(edge, plan));
      return std::pair{cost, problem.node_usages(node)[strategy]};
    };
    std::int32_t best = 0;
    auto best_rank = rank(0);
    for (std::int32_t strategy = 1; strategy < problem.num_strategies(node); ++strategy) {
      const auto here = rank(strategy);
      if (!(here < best_rank)) continue;
      best = strategy;
      best_rank = here;
    }
    plan[node] = best;
  }
  return plan;
}

void append(std::string& text, std::int64_t count, const char* one, const char* many) {
  if (count == 0) return;
  if (!text.empty()) text += ", ";
  text += std::to_string(count) + (count == 1 ? one : many);
}

}  // namespace

RepairedPlan repair_plan(const Problem& problem, std::span<const std::int32_t> entries,
                         const StopToken& stop) {
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
    result.lowered = UsageRepair(problem, result.plan, stop).run(result.within_limit);
  return result;
}

std::string RepairedPlan::description() const {
  std::string text;
  append(text, surplus, " entry too many", " entries too many");
  append(text, missing, " entry missing", " entries missing");
  append(text, unknown, " strategy that does not exist", " strategies that do not exist");
  append(text, lowered, " node moved to use less memory", " nodes moved to use less memory");
  return text;
}

RepairedPlan repair_plan(const Problem& problem, std::span<const std::int32_t> entries) {
  return repair_plan(problem, entries, StopToken{});
}

RepairedPlan greedy_plan(const Problem& problem, const StopToken& stop) {
  RepairedPlan repaired = repair_plan(problem, greedy(problem, stop), stop);
  return repaired.within_limit ? repaired : repair_plan(problem, {}, stop);
}

}  // namespace warpshard
