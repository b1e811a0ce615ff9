// Grown trees: what is written down is what the model says.

#include "kernels/tree_growth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "host/device/population_plan.h"
#include "host/device/storage.h"
#include "host/model/flat_model.h"
#include "kernels/lane_group.h"
#include "kernels/population.h"
#include "kernels/serial_group.h"
#include "tests/support/random_model.h"

namespace warpshard::testing {
namespace {

constexpr std::uint64_t kSeed = 5;

/// The scratch of a chain, and the sites of a model's moves.
template <typename Lane>
class Grower {
 public:
  explicit Grower(const FlatModel& flat) : sites_(flat.view()) {
    storage_.lay_out(shape_of(flat.view(), /*chains=*/1, /*chains_per_island=*/1), population_);
    population_.model = flat.view();
    policy.roots = sites_.roots.data();
    policy.num_roots = static_cast<std::int32_t>(sites_.roots.size());
  }

  /// The tree of a random stream.
  TreeView grow(std::uint64_t stream) {
    rooms_ = population_.scratch(0).rooms;
    const TreeRoom room(rooms_, 0);
    TreeGrowth<Lane>({}, population_.model, room).grow(policy, RandomStream(kSeed, stream));
    return TreeView(room);
  }

  MovePolicy policy;
  std::int32_t hub = 0;  ///< of a star()

 private:
  MoveSites sites_;
  PopulationStorage<HostSpace> storage_;
  PopulationView population_;
  TreeRooms rooms_;
};

/// The arcs of v whose other ends are within a set, or not.
std::vector<Arc> arcs_of(const ModelView& model, std::int32_t v, const std::set<std::int32_t>& set,
                         bool within) {
  std::vector<Arc> arcs;
  for (std::int32_t a = model.arc_offsets[v]; a < model.arc_offsets[v + 1]; ++a)
    if (set.contains(model.arcs[a].neighbour) == within) arcs.push_back(model.arcs[a]);
  return arcs;
}

/// A node's items but for those that stand for zeros.
std::vector<Arc> items_of(const ModelView& model, const TreeView& tree, std::int32_t k) {
  std::vector<Arc> items;
  for (std::int32_t i = tree.nodes[k].first_item; i < tree.nodes[k + 1].first_item; ++i) {
    const Arc& item = tree.items()[i];
    if (item.at(0) != model.zeros || item.at(1) != model.zeros) items.push_back(item);
  }
  return items;
}

void expect_induced_tree(const ModelView& model, const TreeView& tree) {
  std::set<std::int32_t> variables;
  for (std::int32_t k = 0; k < tree.size; ++k) variables.insert(tree.nodes[k].variable);
  ASSERT_EQ(std::ssize(variables), tree.size);
  std::size_t inner_arcs = 0;
  for (std::int32_t k = 0; k < tree.size; ++k) {
    const TreeNode& node = tree.nodes[k];
    EXPECT_EQ(node.domain, model.domains[node.variable]);
    EXPECT_EQ(node.row, model.row_offsets[node.variable]);
    EXPECT_EQ(tree.stride(k), model.stride(node.variable));
    inner_arcs += arcs_of(model, node.variable, variables, true).size();
    const auto outer = arcs_of(model, node.variable, variables, false);
    const std::vector<Arc> items = items_of(model, tree, k);
    ASSERT_EQ(items.size(), outer.size());
    for (std::size_t i = 0; i < outer.size(); ++i) {
      EXPECT_EQ(items[i].neighbour, outer[i].neighbour);
      EXPECT_EQ(items[i].rows, outer[i].rows);
      EXPECT_EQ(items[i].length, model.stride(node.variable));
    }
    if (k == 0) continue;
    ASSERT_LT(node.parent, k);
    const std::int32_t parent = tree.nodes[node.parent].variable;
    const auto to_parent = arcs_of(model, node.variable, {parent}, true);
    ASSERT_EQ(to_parent.size(), 1U);
    EXPECT_EQ(node.down, to_parent.front().rows);
    EXPECT_EQ(node.up, model.arcs[to_parent.front().reverse].rows);
  }
  EXPECT_EQ(inner_arcs, 2U * static_cast<std::size_t>(tree.size - 1));  // connected, no cycle
}

/// One row of scores after the other, in the order of the nodes.
void expect_scores_in_order(const ModelView& model, const TreeView& tree) {
  std::int32_t next = 0;
  for (std::int32_t k = 0; k < tree.size; ++k) {
    EXPECT_EQ(tree.nodes[k].score, next);
    next += model.stride(tree.nodes[k].variable);
  }
  EXPECT_EQ(tree.nodes[tree.size].score, next);
}

/// Levels one after the other; children side by side, the last to join first, in the order of their
/// parents.
void expect_levels(const TreeView& tree) {
  const auto depth_of = [&](std::int32_t k) {
    std::int32_t depth = 0;
    for (; k > 0; k = tree.nodes[k].parent) ++depth;
    return depth;
  };
  EXPECT_EQ(tree.levels()[0].node, 0);
  EXPECT_EQ(tree.levels()[tree.num_levels()].node, tree.size);
  for (std::int32_t level = 0; level < tree.num_levels(); ++level)
    for (std::int32_t k = tree.levels()[level].node; k < tree.levels()[level + 1].node; ++k)
      EXPECT_EQ(depth_of(k), level);
  EXPECT_EQ(tree.nodes[0].first_child, 1);
  EXPECT_EQ(tree.nodes[tree.size].first_child, tree.size);
  for (std::int32_t k = 0; k < tree.size; ++k) {
    const std::int32_t end = tree.nodes[k + 1].first_child;
    for (std::int32_t c = tree.nodes[k].first_child; c < end; ++c) {
      EXPECT_EQ(tree.nodes[c].parent, k);
      if (c + 1 < end) {
        EXPECT_GT(tree.nodes[c].joined, tree.nodes[c + 1].joined);
      }
    }
  }
}

/// Items that are added up together are the same in both orders, but for those of zeros.
void expect_same_sums(const ModelView& model, const TreeView& serial, const TreeView& by_levels) {
  const auto sums_of = [&](const TreeView& tree, std::int32_t k) {
    std::vector<std::vector<std::uint32_t>> sums;
    const std::int32_t end = tree.nodes[k + 1].first_item;
    for (std::int32_t first = tree.nodes[k].first_item; first < end; first += kItemsTogether) {
      sums.emplace_back();
      for (std::int32_t i = first; i < end_together(first, end); ++i)
        if (tree.items()[i].rows != model.zeros) sums.back().push_back(tree.items()[i].rows);
    }
    while (!sums.empty() && sums.back().empty()) sums.pop_back();
    return sums;
  };
  for (std::int32_t k = 0; k < by_levels.size; ++k)
    EXPECT_EQ(sums_of(by_levels, k), sums_of(serial, by_levels.nodes[k].joined));
}

/// Tables and sums of a level's nodes as children.
void expect_level_of_schedule(const TreeView& tree, std::int32_t level) {
  const TreeLevel& here = tree.levels()[level];
  std::int32_t table = here.table;
  std::vector<std::int32_t> first_table;  // of the level's nodes
  for (std::int32_t k = here.node; k < tree.levels()[level + 1].node; ++k) {
    const TreeNode& node = tree.nodes[k];
    first_table.push_back(table - here.table);
    for (std::int32_t q = 0; q < quads_of(tree.nodes[node.parent].domain); ++q) {
      const TableQuad& quad = tree.tables()[table++];
      EXPECT_EQ(quad.table, node.up + static_cast<std::uint32_t>(kQuad * q));
      EXPECT_EQ(quad.length, tree.stride(node.parent));
      EXPECT_EQ(quad.costs, node.score);
      EXPECT_EQ(quad.domain, node.domain);
    }
    const ChosenRow& row = tree.chosen()[k];
    EXPECT_EQ(row.score, node.score);
    EXPECT_EQ(row.domain, node.domain);
    EXPECT_EQ(row.down, node.down);
    EXPECT_EQ(row.parent, node.parent);
  }
  EXPECT_EQ(table, tree.levels()[level + 1].table);
  std::int32_t s = tree.levels()[level - 1].sum;
  for (std::int32_t k = tree.levels()[level - 1].node; k < here.node; ++k) {
    const std::int32_t first = tree.nodes[k].first_child;
    const std::int32_t children = tree.nodes[k + 1].first_child - first;
    for (std::int32_t q = 0; children > 0 && q < quads_of(tree.nodes[k].domain); ++q) {
      const SumQuad& sum = tree.sums()[s++];
      EXPECT_EQ(sum.score, tree.nodes[k].score + kQuad * q);
      EXPECT_EQ(sum.message, first_table[static_cast<std::size_t>(first - here.node)] + q);
      EXPECT_EQ(sum.step, quads_of(tree.nodes[k].domain));
      EXPECT_EQ(sum.messages, children);
    }
  }
  EXPECT_EQ(s, here.sum);
}

/// What the lanes are to do is what the nodes say, each once.
void expect_schedule(const TreeView& tree) {
  // Sums of items but for the first, by their place among the messages.
  std::map<std::int32_t, std::pair<std::int32_t, std::int32_t>> more;
  std::map<std::int32_t, bool> scored;  // by place among the scores: whether padding follows
  std::map<std::int32_t, bool> expected;
  for (std::int32_t k = 0; k < tree.size; ++k)
    for (std::int32_t d = 0; d < tree.nodes[k].domain; d += kQuad)
      expected[tree.nodes[k].score + d] =
          d + kQuad >= tree.nodes[k].domain && d + kQuad < tree.stride(k);
  std::int32_t least = std::numeric_limits<std::int32_t>::max();
  for (std::int32_t q = 0; q < tree.num_scored(); ++q) {
    const ScoreQuad& quad = tree.scored()[q];
    EXPECT_EQ(quad.first_item() % kQuad, 0);
    EXPECT_LE(quad.end_item() - quad.first_item(), kItemsTogether);
    if (quad.joined() == ScoreQuad::kItemsAlone) {
      more[quad.score] = {quad.first_item(), quad.end_item()};
      continue;
    }
    EXPECT_TRUE(scored.emplace(quad.score, quad.before_padding()).second);
    EXPECT_LE(quad.end_item() - quad.first_item(), least);
    least = quad.end_item() - quad.first_item();
  }
  EXPECT_EQ(scored, expected);

  const std::int32_t messages = more.empty() ? 0 : more.begin()->first;
  for (std::int32_t s = 0; s < tree.levels()[0].sum; ++s) {
    const SumQuad& sum = tree.sums()[s];
    for (std::int32_t i = 0; i < sum.messages; ++i)
      EXPECT_TRUE(more.contains(messages + kQuad * (sum.message + i * sum.step)));
  }
  for (std::int32_t level = 1; level < tree.num_levels(); ++level)
    ASSERT_NO_FATAL_FAILURE(expect_level_of_schedule(tree, level));
}

class TreesOnRandomModels : public ::testing::TestWithParam<int> {
 protected:
  static Model model() {
    RandomModelShape shape;
    shape.num_variables = 200;
    shape.edges_per_variable = 0.7 + 0.2 * GetParam();
    shape.max_domain = 9;
    shape.hubs = GetParam() % 3;
    return random_model(shape, static_cast<std::uint64_t>(GetParam()));
  }
};

TEST_P(TreesOnRandomModels, AreInducedAndWrittenDownWhole) {
  const FlatModel flat(model());
  Grower<SerialGroup> grower(flat);
  grower.policy.least_log2_tree = 1;
  std::int32_t greatest = 0;
  for (std::uint64_t k = 0; k < 30; ++k) {
    const TreeView tree = grower.grow(k);
    greatest = std::max(greatest, tree.size);
    ASSERT_NO_FATAL_FAILURE(expect_scores_in_order(flat.view(), tree));
    if (tree.size == 1) continue;  // visited by a flip, which needs no items
    ASSERT_NO_FATAL_FAILURE(expect_induced_tree(flat.view(), tree));
  }
  EXPECT_GE(greatest, 8);
}

TEST_P(TreesOnRandomModels, AreTheSameByLevels) {
  const FlatModel flat(model());
  Grower<SerialGroup> serial(flat);
  Grower<LaneGroup> by_levels(flat);
  for (std::uint64_t k = 0; k < 30; ++k) {
    const TreeView one = serial.grow(k);
    const TreeView two = by_levels.grow(k);
    ASSERT_EQ(one.size, two.size);
    EXPECT_EQ(one.num_values(), two.num_values());
    for (std::int32_t i = 0; i < two.size; ++i) {
      const TreeNode& node = two.nodes[i];
      ASSERT_LT(node.joined, one.size);
      const TreeNode& same = one.nodes[node.joined];
      ASSERT_EQ(node.variable, same.variable);
      if (i > 0) {
        EXPECT_EQ(two.nodes[node.parent].joined, same.parent);
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_scores_in_order(flat.view(), two));
    if (two.size == 1) continue;
    ASSERT_NO_FATAL_FAILURE(expect_induced_tree(flat.view(), two));
    ASSERT_NO_FATAL_FAILURE(expect_levels(two));
    ASSERT_NO_FATAL_FAILURE(expect_same_sums(flat.view(), one, two));
    ASSERT_NO_FATAL_FAILURE(expect_schedule(two));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TreesOnRandomModels, ::testing::Range(0, 8));

/// A hub and its leaves.
Model star(std::int32_t leaves) {
  Model model;
  model.entries = {0, 1, 1, 0};
  model.table_offsets = {0, 4};
  model.segment_offsets = {0};
  for (std::int32_t v = 0; v <= leaves; ++v) {
    model.value_offsets.push_back(model.value_offsets.back() + 2);
    model.unary.insert(model.unary.end(), {0, 1});
    model.segment_offsets.push_back(0);
    if (v > 0) model.edges.push_back({0, v, 0});
  }
  return model;
}

TEST(TreeGrowth, FlipsAHubThatHasMoreArcsThanThereIsRoomFor) {
  const FlatModel flat(star(TreeRoom::kItems + 1));
  Grower<SerialGroup> grower(flat);
  grower.policy.roots = &grower.hub;
  grower.policy.num_roots = 1;
  grower.policy.least_log2_tree = 3;
  const TreeView tree = grower.grow(0);
  EXPECT_EQ(tree.size, 1);
  EXPECT_EQ(tree.nodes[0].variable, 0);
}

TEST(TreeGrowth, StopsBeforeAHubThatDoesNotFit) {
  const FlatModel flat(star(TreeRoom::kItems + 1));
  Grower<SerialGroup> grower(flat);
  grower.policy.least_log2_tree = 3;
  for (std::uint64_t k = 0; k < 10; ++k) EXPECT_EQ(grower.grow(k).size, 1);
}

}  // namespace
}  // namespace warpshard::testing
