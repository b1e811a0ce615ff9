#include "host/store/keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "host/reduce/reducer.h"
#include "tests/io/odd_problem.h"
#include "tests/store/small_instances.h"
#include "warpshard/evaluate.h"

namespace warpshard::test {
namespace {

using store::keys_of;

// What tools/store_key.py, which was written from the specification alone, makes of the same.
TEST(StoreKeys, VectorOfAnInstanceWithALimit) {
  const auto keys = keys_of(small_problem());
  EXPECT_EQ(keys.exact, "d5bf2848c3fc644c85372f2a4d309dfee555ee478de2aebd5eb6e5ba2ba864fe");
  EXPECT_EQ(keys.shape, "723edde6fe63f772a7f3e4eec84448eb59d9ac8547b215ec64929717e56f05ad");
}

TEST(StoreKeys, VectorOfEveryOddityOfEdges) {
  constexpr std::int64_t kNo = kForbidden;
  const auto problem = Assembly()
                           .node({0, 10}, {1, 2}, {3, 4})
                           .node({10, 20}, {kNo, -3, 4}, {0, 1, 2})
                           .node({5, 5}, {7}, {9})
                           .node({9, 3}, {0, kNo + 5}, {1, 1})
                           .edge({0, 1}, {1, 2, kNo, 4, 5, 6})
                           .edge({1, 0}, {10, 20, kNo, 40, 50, 60})
                           .edge({1, 1}, {1, 9, 9, 9, 2, 9, 9, 9, kNo})
                           .edge({3, 2, 0}, {1, 2, 3, 4})
                           .edge({2}, {100})
                           .edge({0, 3}, {0, 0, 0, 0})
                           .edge({2, 2}, {11})
                           .problem();
  const auto keys = keys_of(problem);
  EXPECT_EQ(keys.exact, "232e8b2700bee4f4fe5acf43214eebd14c2738dbf5ade851d142ab847bf7058f");
  EXPECT_EQ(keys.shape, "775410f3367bbd628aa1848368421293777fd11f797a572e7f4a9f9bdbd448ce");
}

TEST(StoreKeys, VectorOfExtremeCosts) {
  const auto problem = Assembly()
                           .node({0, 1}, {kForbidden + 7, 1}, {0, 0})
                           .node({0, 1}, {INT64_MIN, INT64_MAX}, {5, 6})
                           .limit(5)
                           .problem();
  const auto keys = keys_of(problem);
  EXPECT_EQ(keys.exact, "e3b02547d43f705e76a1dace205d9efecbf339a6236b2555ad8fbcd824603ec9");
  EXPECT_EQ(keys.shape, "daa80b00d9a38054d132fc50206734c9e993fdf7c23705f1921ef9bdca00d988");
}

/// The same instance, written down differently: another name, edges in another order, some turned
/// round, time stretched.
Problem rewritten(const Problem& problem, Random& random) {
  Problem result = problem;
  result.name = "another name";
  for (Interval& interval : result.intervals) {
    interval.lower = 3 * interval.lower - 7;
    interval.upper = 3 * interval.upper - 7;
  }
  result.edge_offsets = {0};
  result.edge_nodes.clear();
  result.edge_tables.clear();
  result.table_offsets = {0};
  result.entries.clear();
  TableInterner tables(result);
  std::vector<std::int64_t> order(static_cast<std::size_t>(problem.num_edges()));
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  for (const std::int64_t edge : order) {
    const auto nodes = problem.nodes_of_edge(edge);
    const auto table = problem.table_of_edge(edge);
    std::vector<std::int32_t> ends(nodes.begin(), nodes.end());
    std::vector<std::int64_t> entries(table.begin(), table.end());
    if (ends.size() == 2 && draw(random, 0, 1) == 1) {
      const auto rows = static_cast<std::size_t>(problem.num_strategies(ends[0]));
      const auto columns = static_cast<std::size_t>(problem.num_strategies(ends[1]));
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
          entries[column * rows + row] = table[row * columns + column];
      std::swap(ends[0], ends[1]);
    }
    result.edge_nodes.insert(result.edge_nodes.end(), ends.begin(), ends.end());
    result.edge_offsets.push_back(static_cast<std::int64_t>(result.edge_nodes.size()));
    result.edge_tables.push_back(tables.intern(entries));
  }
  return result;
}

TEST(StoreKeys, DoNotDependOnHowAnInstanceIsWrittenDown) {
  Random random(17);
  for (int round = 0; round < 300; ++round) {
    const Problem problem = odd_problem(random);
    const Problem other = rewritten(problem, random);
    EXPECT_EQ(keys_of(problem).exact, keys_of(other).exact) << "round " << round;
    EXPECT_EQ(keys_of(problem).shape, keys_of(other).shape) << "round " << round;
  }
}

/// Calls `visit` with every plan.
template <typename Visit>
void for_each_plan(const Problem& problem, Visit&& visit) {
  Plan plan(static_cast<std::size_t>(problem.num_nodes()), 0);
  while (true) {
    visit(plan);
    std::int32_t node = 0;
    while (node < problem.num_nodes() && ++plan[node] == problem.num_strategies(node))
      plan[node++] = 0;
    if (node == problem.num_nodes()) return;
  }
}

TEST(StoreKeys, ChangeWithTheCostOfAnyPlan) {
  Random random(23);
  for (int round = 0; round < 200; ++round) {
    const Problem problem = odd_problem(random);
    Problem other = problem;
    if (other.entries.empty()) continue;
    const auto entry = static_cast<std::size_t>(draw(random, 0, std::ssize(other.entries) - 1));
    other.entries[entry] = random_cost(random);
    bool same = true;
    for_each_plan(problem, [&](const Plan& plan) {
      same &= evaluate(problem, plan)->cost == evaluate(other, plan)->cost;
    });
    EXPECT_EQ(keys_of(problem).exact == keys_of(other).exact, same) << "round " << round;
    EXPECT_EQ(keys_of(problem).shape, keys_of(other).shape);
  }
}

TEST(StoreKeys, MemoryCountsOnlyUnderALimit) {
  Problem problem = small_problem();
  Problem other = problem;
  other.usage_limit = 51;
  EXPECT_NE(keys_of(problem).exact, keys_of(other).exact);
  EXPECT_EQ(keys_of(problem).shape, keys_of(other).shape);
  problem.usage_limit.reset();
  other.usage_limit.reset();
  other.usages[0] = 99;
  EXPECT_EQ(keys_of(problem).exact, keys_of(other).exact);
}

std::string core_key_of(const Problem& problem) {
  auto reducer = Reducer::create(problem, {});
  EXPECT_TRUE(reducer.ok());
  EXPECT_EQ(reducer->run(), ReductionVerdict::kOpen);
  return store::core_key(reducer->model());
}

TEST(StoreKeys, CoreDoesNotDependOnAConstant) {
  Problem problem = small_problem();
  const std::string key = core_key_of(problem);
  problem.costs[0] += 1000;
  EXPECT_EQ(core_key_of(problem), key);
}

}  // namespace
}  // namespace warpshard::test
