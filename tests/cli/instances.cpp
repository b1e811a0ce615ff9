#include "tests/cli/instances.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "warpshard/problem.h"
#include "warpshard/save.h"

namespace warpshard::test {
namespace {

std::string instance_with_limit(int limit) {
  return R"({"problem": {
    "name": "small",
    "nodes": {
      "intervals": [[30, 70], [40, 70], [50, 120], [110, 140], [110, 150]],
      "costs": [[15], [55, 65], [25, 45, 35], [85, 75], [95]],
      "usages": [[10], [25, 25], [15, 20, 15], [10, 10], [15]]
    },
    "edges": {
      "nodes": [[0, 1], [0, 2], [1, 3], [2, 4], [3, 4]],
      "costs": [[30, 40], [50, 10, 40], [90, 10, 20, 80], [60, 20, 30], [70, 60]]
    },
    "usage_limit": )" +
         std::to_string(limit) + "}}\n";
}

constexpr int kSide = 40;
constexpr int kStrategies = 6;
constexpr int kLifetime = 100;

void add_edge(Problem& problem, int u, int v, std::mt19937& random) {
  problem.edge_nodes.insert(problem.edge_nodes.end(), {u, v});
  problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
  problem.edge_tables.push_back(static_cast<std::int32_t>(problem.edge_tables.size()));
  for (int i = 0; i < kStrategies * kStrategies; ++i) problem.entries.push_back(random() % 1000);
  problem.table_offsets.push_back(static_cast<std::int64_t>(problem.entries.size()));
}

}  // namespace

std::string small_instance() {
  return instance_with_limit(50);
}

std::string infeasible_instance() {
  return instance_with_limit(49);
}

std::string write_grid_instance(const TemporaryFolder& folder) {
  std::mt19937 random(7);
  Problem problem;
  problem.name = "grid";
  for (int node = 0; node < kSide * kSide; ++node) {
    for (int strategy = 0; strategy < kStrategies; ++strategy) {
      problem.costs.push_back(random() % 100);
      problem.usages.push_back(random() % 1000);
    }
    problem.strategy_offsets.push_back(static_cast<std::int64_t>(problem.costs.size()));
    problem.intervals.push_back({node, node + kLifetime});
    if (node % kSide != 0) add_edge(problem, node - 1, node, random);
    if (node >= kSide) add_edge(problem, node - kSide, node, random);
  }
  problem.usage_limit = kLifetime * 350;  // mean usage is 500, mean least usage about 140
  const auto path = folder.path("grid.json");
  const auto error = save_problem(problem, path);
  EXPECT_FALSE(error) << error->message;
  return path;
}

}  // namespace warpshard::test
