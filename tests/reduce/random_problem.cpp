#include "tests/reduce/random_problem.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <span>

namespace warpshard::testing {

namespace {

class Drawer {
 public:
  Drawer(std::mt19937_64& random, const Style& style) : random_(random), style_(style) {}

  Problem draw() {
    problem_.name = "random";
    const int nodes = below(style_.max_nodes) + 1;
    for (int node = 0; node < nodes; ++node) draw_node();
    const int edges = below(style_.max_edges + 1);
    for (int edge = 0; edge < edges; ++edge) draw_edge();
    draw_limit();
    return std::move(problem_);
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  bool chance(int percent) { return below(100) < percent; }

  std::int64_t finite_cost() {
    const int cost = below(style_.max_cost + 1);
    if (style_.lowest_costs) return -cost;
    return style_.negative_costs ? cost - style_.max_cost / 2 : cost;
  }
  std::int64_t cost() {
    if (!chance(style_.forbidden_percent)) return finite_cost();
    return kForbidden + (chance(10) ? below(5) : 0);
  }

  void draw_node() {
    const int strategies = below(style_.max_strategies) + 1;
    const bool some_forbidden = chance(15);
    for (int a = 0; a < strategies; ++a) {
      problem_.costs.push_back(some_forbidden ? cost() : finite_cost());
      problem_.usages.push_back(below(style_.max_usage + 1));
    }
    problem_.strategy_offsets.push_back(static_cast<std::int64_t>(problem_.costs.size()));
    const int lower = below(style_.max_time);
    const int length = below(1 + style_.max_time * 3 / 4);
    problem_.intervals.push_back({lower, lower + length - (chance(10) ? 3 : 0)});
  }

  std::vector<std::int32_t> draw_ends() {
    const int u = below(problem_.num_nodes());
    const int v = below(problem_.num_nodes());
    if (!chance(style_.odd_edge_percent)) return {u, v};
    switch (below(4)) {
      case 0:
        return {u};
      case 1:
        return {u, u};
      case 2:
        return {u, v, u};
      default:
        return {u, v, v, u};
    }
  }

  void draw_edge() {
    const auto ends = draw_ends();
    std::int64_t rows = 1;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) rows *= problem_.num_strategies(ends[i]);
    const std::int64_t columns = problem_.num_strategies(ends.back());
    std::vector<std::int64_t> table;
    const bool function = chance(style_.function_percent);
    const bool separable = chance(style_.separable_percent);
    std::vector<std::int64_t> column_costs;
    for (std::int64_t b = 0; b < columns; ++b) column_costs.push_back(cost());
    for (std::int64_t a = 0; a < rows; ++a) {
      const std::int64_t allowed = below(static_cast<int>(columns));
      const std::int64_t row_cost = finite_cost();
      for (std::int64_t b = 0; b < columns; ++b) {
        if (function) {
          table.push_back(b == allowed ? finite_cost() : kForbidden);
        } else {
          const std::int64_t lift = style_.lowest_costs ? 0 : std::abs(row_cost);
          table.push_back(separable ? lift + column_costs[b] : cost());
        }
      }
    }
    add_edge(ends, table);
  }

  void add_edge(const std::vector<std::int32_t>& ends, const std::vector<std::int64_t>& table) {
    const auto next = static_cast<std::int32_t>(tables_.size());
    const auto [known, added] = tables_.try_emplace(table, next);
    if (added) {
      problem_.entries.insert(problem_.entries.end(), table.begin(), table.end());
      problem_.table_offsets.push_back(static_cast<std::int64_t>(problem_.entries.size()));
    }
    problem_.edge_nodes.insert(problem_.edge_nodes.end(), ends.begin(), ends.end());
    problem_.edge_offsets.push_back(static_cast<std::int64_t>(problem_.edge_nodes.size()));
    problem_.edge_tables.push_back(known->second);
  }

  void draw_limit() {
    if (chance(15)) return;
    problem_.usage_limit = below(4 * style_.max_usage) - (chance(3) ? 2 : 0);
  }

  std::mt19937_64& random_;
  Style style_;
  Problem problem_;
  std::map<std::vector<std::int64_t>, std::int32_t> tables_;
};

}  // namespace

Style random_style(std::mt19937_64& random) {
  const auto pick = [&](std::initializer_list<int> choices) {
    return *(choices.begin() + random() % choices.size());
  };
  Style style;
  style.max_nodes = pick({2, 4, 6, 8});
  style.max_strategies = style.max_nodes == 8 ? pick({2, 3}) : pick({2, 3, 4});
  style.max_edges = pick({2, 5, 8, 12});
  style.forbidden_percent = pick({0, 5, 20, 50});
  style.function_percent = pick({0, 0, 30, 60});
  style.separable_percent = pick({0, 10, 50});
  style.odd_edge_percent = pick({0, 20, 50});
  style.max_time = pick({4, 8, 30});
  style.max_cost = pick({1, 9, 1000});
  style.max_usage = pick({1, 6, 20});
  style.negative_costs = pick({0, 0, 1}) == 1;
  return style;
}

Problem random_problem(std::mt19937_64& random, const Style& style) {
  return Drawer(random, style).draw();
}

void stretch(Problem& problem) {
  const auto finite_of = [](std::int64_t entry) {
    return entry >= kForbidden ? entry - kForbidden : entry;
  };
  const auto spread = [&](std::span<const std::int64_t> list) {
    const auto [least, greatest] = std::ranges::minmax(list, {}, finite_of);
    return finite_of(greatest) - finite_of(least);
  };
  Int128 sum = 1;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    sum += spread(problem.node_costs(node));
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
    sum += spread(problem.table_of_edge(edge));
  for (const auto* entries : {&problem.costs, &problem.entries})
    for (const std::int64_t entry : *entries)
      sum = std::max(sum, Int128{std::abs(finite_of(entry))});
  const auto factor = static_cast<std::int64_t>((Int128{1} << 62) / sum);
  const auto stretch_all = [&](std::vector<std::int64_t>& entries) {
    for (std::int64_t& entry : entries) {
      const bool forbidden = entry >= kForbidden;
      entry = finite_of(entry) * factor;
      if (forbidden) entry += kForbidden;
    }
  };
  stretch_all(problem.costs);
  stretch_all(problem.entries);
}

NaiveEvaluation naive_evaluate(const Problem& problem, const Plan& plan) {
  NaiveEvaluation result;
  const auto add = [&](std::int64_t entry) {
    if (entry >= kForbidden) {
      ++result.cost.forbidden;
      result.cost.finite += entry - kForbidden;
    } else {
      result.cost.finite += entry;
    }
  };
  std::set<std::int64_t> times;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    add(problem.costs[problem.strategy_offsets[node] + plan[node]]);
    for (std::int64_t t = problem.intervals[node].lower; t < problem.intervals[node].upper; ++t)
      times.insert(t);
  }
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge) {
    std::int64_t index = 0;
    for (const std::int32_t node : problem.nodes_of_edge(edge))
      index = index * problem.num_strategies(node) + plan[node];
    add(problem.table_of_edge(edge)[index]);
  }
  for (const std::int64_t t : times) {
    std::int64_t usage = 0;
    for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
      if (problem.intervals[node].lower <= t && t < problem.intervals[node].upper)
        usage += problem.usages[problem.strategy_offsets[node] + plan[node]];
    if (problem.usage_limit && usage > *problem.usage_limit) result.within_limit = false;
  }
  return result;
}

std::optional<Optimum> brute_force(const Problem& problem) {
  std::vector<std::int32_t> sizes;
  sizes.reserve(problem.intervals.size());
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    sizes.push_back(problem.num_strategies(node));
  std::optional<Optimum> best;
  for_each_choice(sizes, [&](const Plan& plan) {
    const NaiveEvaluation evaluation = naive_evaluate(problem, plan);
    if (evaluation.within_limit && (!best || evaluation.cost < best->cost))
      best = Optimum{evaluation.cost, plan};
  });
  return best;
}

}  // namespace warpshard::testing
