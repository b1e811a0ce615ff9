#include "host/generate/memory_plan.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "warpshard/cost.h"

namespace warpshard::generator {
namespace {

/// Moves tried after the greedy start; each costs one pass over the nodes.
constexpr int kMaxMoves = 200;

class Planner {
 public:
  explicit Planner(const Problem& problem) : problem_(problem) { find_clusters(); }

  MemoryPlan run() {
    choose_smallest();
    MemoryPlan best{plan(), 0};
    Peak peak = find_peak();
    for (int move = 0; move < kMaxMoves && relieve(peak.time); ++move) {
      const Peak next = find_peak();
      if (next.usage >= peak.usage) break;
      peak = next;
      best.plan = plan();
    }
    best.peak = peak.usage;
    return best;
  }

 private:
  struct Peak {
    std::int64_t usage = 0;
    std::int64_t time = 0;
  };

  std::int32_t root(std::int32_t node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }

  void find_clusters() {
    const auto nodes = static_cast<std::size_t>(problem_.num_nodes());
    parent_.resize(nodes);
    std::iota(parent_.begin(), parent_.end(), 0);
    for (std::int64_t e = 0; e < problem_.num_edges(); ++e) {
      const auto ends = problem_.nodes_of_edge(e);
      const auto table = problem_.table_of_edge(e);
      if (std::any_of(table.begin(), table.end(), is_forbidden))
        parent_[root(ends[1])] = root(ends[0]);
    }
    members_.resize(nodes);
    for (std::int32_t node = 0; node < problem_.num_nodes(); ++node)
      members_[root(node)].push_back(node);
    choice_.assign(nodes, 0);
  }

  bool allowed(std::int32_t cluster, std::int32_t strategy) const {
    return std::none_of(members_[cluster].begin(), members_[cluster].end(), [&](auto node) {
      return is_forbidden(problem_.node_costs(node)[strategy]);
    });
  }

  /// Usage times length, and usage at `time`, of a cluster under a strategy.
  Int128 area(std::int32_t cluster, std::int32_t strategy) const {
    Int128 sum = 0;
    for (const std::int32_t node : members_[cluster]) {
      const Interval& live = problem_.intervals[node];
      if (!live.empty())
        sum += Int128{problem_.node_usages(node)[strategy]} * (live.upper - live.lower);
    }
    return sum;
  }
  std::int64_t usage_at(std::int32_t cluster, std::int32_t strategy, std::int64_t time) const {
    std::int64_t sum = 0;
    for (const std::int32_t node : members_[cluster]) {
      const Interval& live = problem_.intervals[node];
      if (live.lower <= time && time < live.upper) sum += problem_.node_usages(node)[strategy];
    }
    return sum;
  }

  void choose_smallest() {
    for (std::int32_t cluster = 0; cluster < problem_.num_nodes(); ++cluster) {
      if (members_[cluster].empty()) continue;
      const std::int32_t last = problem_.num_strategies(cluster) - 1;
      choice_[cluster] = last;
      Int128 least = area(cluster, last);
      for (std::int32_t s = last - 1; s >= 0; --s) {
        if (!allowed(cluster, s)) continue;
        const Int128 candidate = area(cluster, s);
        if (candidate > least) continue;
        least = candidate;
        choice_[cluster] = s;
      }
    }
  }

  Plan plan() {
    Plan result(static_cast<std::size_t>(problem_.num_nodes()));
    for (std::int32_t node = 0; node < problem_.num_nodes(); ++node)
      result[node] = choice_[root(node)];
    return result;
  }

  Peak find_peak() {
    std::int64_t horizon = 0;
    for (const Interval& live : problem_.intervals) horizon = std::max(horizon, live.upper);
    std::vector<std::int64_t> change(static_cast<std::size_t>(horizon) + 1, 0);
    for (std::int32_t node = 0; node < problem_.num_nodes(); ++node) {
      const Interval& live = problem_.intervals[node];
      if (live.empty()) continue;
      const std::int64_t usage = problem_.node_usages(node)[choice_[root(node)]];
      change[static_cast<std::size_t>(live.lower)] += usage;
      change[static_cast<std::size_t>(live.upper)] -= usage;
    }
    Peak peak;
    std::int64_t usage = 0;
    for (std::int64_t time = 0; time < horizon; ++time) {
      usage += change[static_cast<std::size_t>(time)];
      if (usage > peak.usage) peak = {usage, time};
    }
    return peak;
  }

  /// Changes the cluster that lowers usage at `time` most; false if none does.
  bool relieve(std::int64_t time) {
    std::int64_t best_gain = 0;
    std::int32_t best_cluster = -1;
    std::int32_t best_strategy = 0;
    for (std::int32_t cluster = 0; cluster < problem_.num_nodes(); ++cluster) {
      if (members_[cluster].empty()) continue;
      const std::int64_t now = usage_at(cluster, choice_[cluster], time);
      if (now == 0) continue;
      for (std::int32_t s = 0; s < problem_.num_strategies(cluster); ++s) {
        const std::int64_t gain = now - usage_at(cluster, s, time);
        if (gain <= best_gain || !allowed(cluster, s)) continue;
        best_gain = gain;
        best_cluster = cluster;
        best_strategy = s;
      }
    }
    if (best_cluster < 0) return false;
    choice_[best_cluster] = best_strategy;
    return true;
  }

  const Problem& problem_;
  std::vector<std::int32_t> parent_;
  std::vector<std::vector<std::int32_t>> members_;  ///< [nodes], empty where not a cluster's root
  std::vector<std::int32_t> choice_;                ///< [nodes], of a cluster's root
};

}  // namespace

MemoryPlan find_memory_plan(const Problem& problem) {
  return Planner(problem).run();
}

}  // namespace warpshard::generator
