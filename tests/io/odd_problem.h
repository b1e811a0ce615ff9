#pragma once

#include <cstdint>
#include <random>

#include "host/io/table_interner.h"
#include "warpshard/cost.h"
#include "warpshard/problem.h"

namespace warpshard::test {

using Random = std::mt19937_64;

inline std::int64_t draw(Random& random, std::int64_t least, std::int64_t most) {
  return std::uniform_int_distribution<std::int64_t>(least, most)(random);
}

/// Mostly small numbers, some forbidden ones, some at the ends of the 64-bit range.
inline std::int64_t random_cost(Random& random) {
  switch (draw(random, 0, 19)) {
    case 0:
      return kForbidden;
    case 1:
      return kForbidden + draw(random, -1, 1);
    case 2:
      return INT64_MAX;
    case 3:
      return INT64_MIN;
    default:
      return draw(random, -3, 9);
  }
}

/// A tiny instance with every oddity the format allows: edges of one to three nodes, self and
/// parallel edges, empty and reversed intervals, no limit, unreachable limits.
inline Problem odd_problem(Random& random) {
  Problem problem;
  problem.name = "random";
  const std::int64_t nodes = draw(random, 1, 6);
  for (std::int64_t node = 0; node < nodes; ++node) {
    const std::int64_t lower = draw(random, -2, 6);
    problem.intervals.push_back({lower, lower + draw(random, -1, 5)});
    const std::int64_t strategies = draw(random, 1, 4);
    for (std::int64_t strategy = 0; strategy < strategies; ++strategy) {
      problem.costs.push_back(random_cost(random));
      problem.usages.push_back(draw(random, 0, 9) == 0 ? INT64_MAX : draw(random, 0, 5));
    }
    problem.strategy_offsets.push_back(static_cast<std::int64_t>(problem.costs.size()));
  }
  TableInterner tables(problem);
  const std::int64_t edges = draw(random, 0, 8);
  for (std::int64_t edge = 0; edge < edges; ++edge) {
    std::int64_t size = 1;
    for (std::int64_t end = draw(random, 0, 5) / 2; end >= 0; --end) {
      const auto node = static_cast<std::int32_t>(draw(random, 0, nodes - 1));
      problem.edge_nodes.push_back(node);
      size *= problem.num_strategies(node);
    }
    problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
    std::vector<std::int64_t> table(static_cast<std::size_t>(size), 0);
    if (draw(random, 0, 2) > 0)  // the others are copies of each other
      for (std::int64_t& entry : table) entry = random_cost(random);
    problem.edge_tables.push_back(tables.intern(table));
  }
  if (draw(random, 0, 3) > 0) problem.usage_limit = draw(random, 0, 12);
  return problem;
}

inline Plan random_plan(Random& random, const Problem& problem) {
  Plan plan;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    plan.push_back(static_cast<std::int32_t>(draw(random, 0, problem.num_strategies(node) - 1)));
  return plan;
}

}  // namespace warpshard::test
