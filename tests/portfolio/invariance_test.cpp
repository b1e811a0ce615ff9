// What changes no plan's rank changes no decision: under a work limit, the same plan bit for bit.

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include "tests/portfolio/worker_driver.h"
#include "tests/support/counted.h"
#include "warpshard/solve.h"

namespace warpshard {
namespace {

SolverResult solve_counted(const Problem& problem, std::uint64_t seed) {
  SolverOptions options = testing::counted(300);
  options.seed = seed;
  return testing::solve_quietly(problem, options);
}

/// A transformer's nodes whose costs have bits to spare, and one node that many others meet.
Problem with_hub(std::uint64_t seed) {
  Problem problem = testing::transformer(400, seed);
  std::mt19937_64 random(seed);
  for (auto* list : {&problem.costs, &problem.entries})
    for (std::int64_t& entry : *list)
      if (!is_forbidden(entry)) entry /= 1024;
  const std::int32_t hub = problem.num_nodes() / 2;
  for (std::int32_t node = 0; node < problem.num_nodes(); node += 5) {
    if (node == hub) continue;
    problem.edge_nodes.insert(problem.edge_nodes.end(), {hub, node});
    problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
    problem.edge_tables.push_back(static_cast<std::int32_t>(problem.table_offsets.size()) - 1);
    const std::int64_t size =
        std::int64_t{problem.num_strategies(hub)} * problem.num_strategies(node);
    for (std::int64_t k = 0; k < size; ++k)
      problem.entries.push_back(static_cast<std::int64_t>(random() % 1000));
    problem.table_offsets.push_back(static_cast<std::int64_t>(problem.entries.size()));
  }
  return problem;
}

/// Changes a problem; gives the cost of a plan whose cost was given before.
using Change = std::function<Int128(Problem& problem, Int128 cost)>;

void expect_same_plans(const std::function<Problem(std::uint64_t)>& make, const Change& change) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Problem problem = make(seed);
    const SolverResult expected = solve_counted(problem, seed);
    ASSERT_FALSE(expected.plan.empty());
    const Int128 cost = change(problem, expected.evaluation.cost.finite);
    const SolverResult result = solve_counted(problem, seed);
    EXPECT_EQ(result.plan, expected.plan) << "seed " << seed;
    EXPECT_EQ(result.evaluation.cost.finite, cost) << "seed " << seed;
    EXPECT_EQ(result.status, expected.status) << "seed " << seed;
  }
}

Int128 scale_costs(Problem& problem, Int128 cost) {
  constexpr std::int64_t kFactor = 1 << 7;
  for (auto* list : {&problem.costs, &problem.entries})
    for (std::int64_t& entry : *list)
      if (!is_forbidden(entry)) entry *= kFactor;
  return cost * kFactor;
}

Int128 raise_costs(Problem& problem, Int128 cost) {
  constexpr std::int64_t kOffset = 123'456'789'012;
  for (std::int64_t& entry : problem.costs)
    if (!is_forbidden(entry)) entry += kOffset;
  return cost + Int128{kOffset} * problem.num_nodes();
}

TEST(Invariance, CostsTimesAPowerOfTwoOnTinyInstances) {
  expect_same_plans(testing::tiny, scale_costs);
}

TEST(Invariance, CostsTimesAPowerOfTwo) {
  expect_same_plans([](std::uint64_t seed) { return testing::transformer(400, seed); },
                    scale_costs);
}

TEST(Invariance, CostsTimesAPowerOfTwoAroundAHub) {
  expect_same_plans(with_hub, scale_costs);
}

TEST(Invariance, AConstantPerNodeOnTinyInstances) {
  expect_same_plans(testing::tiny, raise_costs);
}

TEST(Invariance, AConstantPerNode) {
  expect_same_plans([](std::uint64_t seed) { return testing::transformer(400, seed); },
                    raise_costs);
}

TEST(Invariance, AConstantPerNodeAroundAHub) {
  expect_same_plans(with_hub, raise_costs);
}

}  // namespace
}  // namespace warpshard
