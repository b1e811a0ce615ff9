// Edges of three and more nodes: nodes of one strategy choose nothing and make no edge wider.

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "host/reduce/reducer.h"
#include "tests/reduce/random_problem.h"
#include "tests/reduce/small_problem.h"

namespace warpshard::testing {
namespace {

std::int64_t draw(std::mt19937_64& random, std::int64_t least, std::int64_t most) {
  return std::uniform_int_distribution<std::int64_t>(least, most)(random);
}

/// Nodes 0 and 1 have up to three strategies, the others one; edges join up to five of them, in any
/// order, with repeats.
Problem random_wide_problem(std::mt19937_64& random) {
  constexpr int kNodes = 5;
  SmallProblem small;
  std::vector<std::int64_t> sizes;
  for (int node = 0; node < kNodes; ++node) {
    sizes.push_back(node < 2 ? draw(random, 1, 3) : 1);
    std::vector<std::int64_t> costs(static_cast<std::size_t>(sizes.back()));
    for (auto& cost : costs) cost = draw(random, -5, 5);
    small.node(costs);
  }
  for (int edge = 0; edge < 4; ++edge) {
    std::vector<std::int32_t> ends(static_cast<std::size_t>(draw(random, 1, 5)));
    std::int64_t size = 1;
    for (auto& end : ends) {
      end = static_cast<std::int32_t>(draw(random, 0, kNodes - 1));
      size *= sizes[static_cast<std::size_t>(end)];
    }
    std::vector<std::int64_t> table(static_cast<std::size_t>(size));
    for (auto& entry : table) entry = draw(random, 0, 9) == 0 ? kForbidden : draw(random, -9, 9);
    small.edge(ends, table);
  }
  return small.problem();
}

TEST(WideEdge, CostsOfEveryPlanStayTheSame) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    const Problem problem = random_wide_problem(random);
    auto reducer = Reducer::create(problem, {.allow_forbidden = true});
    ASSERT_TRUE(reducer) << reducer.error().message;
    ASSERT_EQ(reducer->run(), ReductionVerdict::kOpen);
    const Model model = reducer->model();
    std::vector<std::int32_t> domains;
    for (std::int32_t v = 0; v < model.num_variables(); ++v) domains.push_back(model.domain(v));
    std::optional<Cost> best;
    for_each_choice(domains, [&](const Assignment& assignment) {
      const Cost cost = cost_of(model, assignment);
      EXPECT_LE(naive_evaluate(problem, reducer->lift(assignment)).cost, cost);
      if (!best || cost < *best) best = cost;
    });
    EXPECT_EQ(best, brute_force(problem)->cost);
  }
}

TEST(WideEdge, OfThreeNodesThatChooseIsRefused) {
  const auto reducer = Reducer::create(SmallProblem()
                                           .node({0, 1})
                                           .node({0, 1})
                                           .node({5})
                                           .node({0, 1})
                                           .edge({0, 1, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8})
                                           .problem(),
                                       {});
  ASSERT_FALSE(reducer);
  EXPECT_EQ(reducer.error().message,
            "edge 0 joins 3 nodes of several strategies; edges of at most two can be solved");
}

}  // namespace
}  // namespace warpshard::testing
