#include "host/device/local_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>
#include <vector>

#include "host/device/storage.h"
#include "host/model/flat_model.h"
#include "kernels/population.h"
#include "kernels/serial_group.h"
#include "tests/support/random_model.h"

namespace warpshard::testing {
namespace {

using Ids = std::vector<std::int32_t>;

/// Variables of one value each with these edges.
Model graph(std::int32_t num_variables, const std::vector<std::pair<int, int>>& edges) {
  Model model;
  for (std::int32_t v = 0; v < num_variables; ++v) {
    model.unary.push_back(0);
    model.value_offsets.push_back(v + 1);
    model.segment_offsets.push_back(0);
  }
  model.entries.push_back(0);
  model.table_offsets.push_back(1);
  for (const auto& [u, v] : edges) model.edges.push_back({std::min(u, v), std::max(u, v), 0});
  std::ranges::sort(model.edges, {},
                    [](const Model::Edge& edge) { return std::pair(edge.u, edge.v); });
  return model;
}

/// The most by which numbers of neighbours differ.
std::int32_t bandwidth(const Model& model, const Ids& order) {
  Ids number(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) number[order[k]] = static_cast<std::int32_t>(k);
  std::int32_t most = 0;
  for (const auto& edge : model.edges)
    most = std::max(most, std::abs(number[edge.u] - number[edge.v]));
  return most;
}

/// A grid of so many rows and columns, numbered at random.
Model shuffled_grid(std::int32_t rows, std::int32_t columns) {
  Ids name(static_cast<std::size_t>(rows * columns));
  std::iota(name.begin(), name.end(), 0);
  std::ranges::shuffle(name, std::mt19937_64(5));
  std::vector<std::pair<int, int>> edges;
  for (std::int32_t r = 0; r < rows; ++r) {
    for (std::int32_t c = 0; c < columns; ++c) {
      const std::int32_t here = name[r * columns + c];
      if (c + 1 < columns) edges.emplace_back(here, name[r * columns + c + 1]);
      if (r + 1 < rows) edges.emplace_back(here, name[(r + 1) * columns + c]);
    }
  }
  return graph(rows * columns, edges);
}

TEST(LocalOrder, PutsNeighboursNearEachOther) {
  for (const auto& [rows, columns] : {std::pair{1, 200}, {2, 150}, {6, 40}}) {
    const Model model = shuffled_grid(rows, columns);
    const Ids order = local_order(FlatModel(model));
    EXPECT_LE(bandwidth(model, order), rows + 1) << rows;
  }
}

TEST(LocalOrder, HasEachVariableOnce) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    RandomModelShape shape;
    shape.num_variables = 60;
    shape.edges_per_variable = seed % 2 == 0 ? 0.4 : 1.5;  // in pieces, and with lone variables
    const Model model = random_model(shape, seed);
    Ids order = local_order(FlatModel(model));
    std::ranges::sort(order);
    Ids all(static_cast<std::size_t>(model.num_variables()));
    std::iota(all.begin(), all.end(), 0);
    EXPECT_EQ(order, all);
  }
  EXPECT_TRUE(local_order(FlatModel(Model{})).empty());
}

class LocalModelOfRandomModels : public ::testing::TestWithParam<int> {
 protected:
  std::uint64_t seed_ = static_cast<std::uint64_t>(GetParam());
  RandomModelShape shape_ = [&] {
    RandomModelShape shape;
    shape.num_variables = 50;
    shape.max_domain = 11;
    shape.num_times = 90;
    shape.hubs = seed_ % 3 == 0 ? 1 : 0;
    return shape;
  }();
  Model model_ = random_model(shape_, seed_);
  FlatModel flat_{model_};
  Ids order_ = local_order(flat_);
  ModelStorage<HostSpace> storage_ = [&] {
    ModelStorage<HostSpace> storage;
    storage.upload(LocalModel(flat_, order_));
    return storage;
  }();
  ModelView local_ = storage_.view(flat_);
};

TEST_P(LocalModelOfRandomModels, CostsAndUsesTheSame) {
  const ModelView& view = local_;
  for (std::uint64_t draw = 0; draw < 5; ++draw) {
    const Assignment assignment = random_assignment(model_, 10 * seed_ + draw);
    std::vector<std::uint16_t> values(assignment.size());
    write_in_order(assignment, order_, values.data());
    EXPECT_EQ(read_in_order(values, order_), assignment);

    const CostAccount account = account_of(SerialGroup{}, view, values.data());
    const Cost cost = cost_of(model_, assignment);
    EXPECT_EQ(account.finite, cost.finite - model_.constant.finite);
    EXPECT_EQ(account.forbidden, cost.forbidden - model_.constant.forbidden);

    const std::int32_t blocks = MemoryProfile::blocks_for(model_.num_times());
    std::vector<std::int32_t> headroom(static_cast<std::size_t>(blocks) * MemoryProfile::kBlock);
    std::vector<std::int32_t> add(static_cast<std::size_t>(blocks)), least(add);
    MemoryProfile memory{blocks, headroom.data(), add.data(), least.data()};
    lay_out_usage(SerialGroup{}, view, values.data(), memory);
    const auto usage = usage_of(model_, assignment);
    for (std::int32_t t = 0; t < model_.num_times(); ++t)
      ASSERT_EQ(memory.at(t), model_.capacity[t] - usage[t]) << t;
  }
}

TEST_P(LocalModelOfRandomModels, KeepsRowsAndArcs) {
  const ModelView& view = local_;
  const ModelView base = flat_.view();
  for (std::int32_t k = 0; k < view.num_variables; ++k) {
    const std::int32_t v = order_[k];
    ASSERT_EQ(view.domains[k], base.domains[v]);
    ASSERT_EQ(view.stride(k), base.stride(v));
    for (std::int32_t d = 0; d < view.stride(k); ++d) {
      ASSERT_EQ(view.unary[view.row_offsets[k] + d], base.unary[base.row_offsets[v] + d]);
      ASSERT_EQ(view.exact_unary[view.row_offsets[k] + d],
                base.exact_unary[base.row_offsets[v] + d]);
    }
    ASSERT_EQ(view.arc_offsets[k + 1] - view.arc_offsets[k],
              base.arc_offsets[v + 1] - base.arc_offsets[v]);
    for (std::int32_t a = view.arc_offsets[k]; a < view.arc_offsets[k + 1]; ++a) {
      const Arc& arc = view.arcs[a];
      ASSERT_TRUE(a == view.arc_offsets[k] || view.arcs[a - 1].neighbour < arc.neighbour);
      ASSERT_EQ(view.arcs[arc.reverse].neighbour, k);
      ASSERT_EQ(view.arcs[arc.reverse].reverse, a);
      const auto same = [&](std::int32_t other) {
        return base.arcs[other].neighbour == order_[arc.neighbour] &&
               base.arcs[other].rows == arc.rows && base.arcs[other].length == arc.length;
      };
      std::int32_t found = 0;
      for (std::int32_t b = base.arc_offsets[v]; b < base.arc_offsets[v + 1]; ++b)
        found += same(b) ? 1 : 0;
      ASSERT_EQ(found, 1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LocalModelOfRandomModels, ::testing::Range(0, 12));

}  // namespace
}  // namespace warpshard::testing
