#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "warpshard/cost.h"
#include "warpshard/problem.h"

namespace warpshard::testing {

/// What a random instance looks like; drawn at random itself by `random_style`.
struct Style {
  int max_nodes = 6;
  int max_strategies = 4;
  int max_edges = 8;
  int forbidden_percent = 20;  ///< of edge entries
  int function_percent = 30;   ///< of edges allow each strategy of one end just one of the other
  int separable_percent = 10;  ///< of edges
  int odd_edge_percent = 20;   ///< of edges are self-edges, unary, or list a node three times
  int max_time = 8;
  int max_cost = 9;
  int max_usage = 6;
  bool negative_costs = false;
  bool lowest_costs = false;  ///< none is positive
};

Style random_style(std::mt19937_64& random);

/// A small instance of that style, with parallel edges, empty intervals, and a limit that may be
/// absent, loose, tight or out of reach.
Problem random_problem(std::mt19937_64& random, const Style& style);

/// Makes finite parts of all entries as many times larger as the reducer can just bear: the
/// instance's best plans stay the same.
void stretch(Problem& problem);

/// Evaluates a plan as the problem's definition reads, sharing no code with the library's.
struct NaiveEvaluation {
  Cost cost;
  bool within_limit = true;
};
NaiveEvaluation naive_evaluate(const Problem& problem, const Plan& plan);

/// The cheapest plan within the limit, by trying all.
struct Optimum {
  Cost cost;
  Plan plan;
};
std::optional<Optimum> brute_force(const Problem& problem);

/// Calls `visit(choice)` for every combination of one index below each of `sizes`.
template <typename Visit>
void for_each_choice(const std::vector<std::int32_t>& sizes, const Visit& visit) {
  std::vector<std::int32_t> choice(sizes.size(), 0);
  for (;;) {
    visit(choice);
    std::size_t i = 0;
    while (i < sizes.size() && ++choice[i] == sizes[i]) choice[i++] = 0;
    if (i == sizes.size()) return;
  }
}

}  // namespace warpshard::testing
