#include "warpshard/builder.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/io/odd_problem.h"
#include "warpshard/validate.h"

namespace warpshard {
namespace {

using Values = std::vector<std::int64_t>;
using Nodes = std::vector<std::int32_t>;

void expect_equal(const Problem& a, const Problem& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.strategy_offsets, b.strategy_offsets);
  EXPECT_EQ(a.costs, b.costs);
  EXPECT_EQ(a.usages, b.usages);
  EXPECT_EQ(a.edge_offsets, b.edge_offsets);
  EXPECT_EQ(a.edge_nodes, b.edge_nodes);
  EXPECT_EQ(a.edge_tables, b.edge_tables);
  EXPECT_EQ(a.table_offsets, b.table_offsets);
  EXPECT_EQ(a.entries, b.entries);
  EXPECT_EQ(a.usage_limit, b.usage_limit);
  ASSERT_EQ(a.intervals.size(), b.intervals.size());
  for (std::size_t node = 0; node < a.intervals.size(); ++node) {
    EXPECT_EQ(a.intervals[node].lower, b.intervals[node].lower);
    EXPECT_EQ(a.intervals[node].upper, b.intervals[node].upper);
  }
}

/// Two nodes of two and three strategies.
ProblemBuilder two_nodes() {
  ProblemBuilder builder;
  EXPECT_EQ(builder.add_node({0, 4}, Values{1, 2}, Values{10, 20}), 0);
  EXPECT_EQ(builder.add_node({2, 2}, Values{3, 4, 5}, Values{0, 30, 40}), 1);
  return builder;
}

/// The builder says so, once, and goes on as if nothing had been.
void expect_refused(ProblemBuilder& builder, const std::string& message) {
  EXPECT_EQ(builder.add_node({0, 1}, Values{1}, Values{1}), -1)
      << "nothing is added after an error";
  const auto error = builder.take_error();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, message);
  EXPECT_FALSE(builder.take_error());
  EXPECT_EQ(builder.num_nodes(), 2);
}

TEST(ProblemBuilder, StoresEqualTablesOnce) {
  ProblemBuilder builder = two_nodes();
  const Values table{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(builder.add_edge(Nodes{0, 1}, table), 0);
  EXPECT_EQ(builder.add_edge(Nodes{1, 0}, table), 1);
  EXPECT_EQ(builder.add_edge(Nodes{0, 0}, Values{7, 0, 0, 7}), 2);
  EXPECT_EQ(builder.add_edge(Nodes{1}, Values{7, 8, 9}), 3);
  builder.set_name("built");
  builder.set_usage_limit(50);
  const auto problem = builder.build();
  ASSERT_TRUE(problem) << problem.error().message;
  EXPECT_FALSE(validate(*problem));
  EXPECT_EQ(problem->name, "built");
  EXPECT_EQ(problem->usage_limit, 50);
  EXPECT_EQ(problem->edge_tables, (Nodes{0, 0, 1, 2}));
  EXPECT_EQ(problem->entries, (Values{1, 2, 3, 4, 5, 6, 7, 0, 0, 7, 7, 8, 9}));
  EXPECT_EQ(problem->edge_nodes, (Nodes{0, 1, 1, 0, 0, 0, 1}));
  EXPECT_EQ(builder.num_nodes(), 0) << "a builder that has built is as new";
}

TEST(ProblemBuilder, MakesOfPiecesAndOfArraysWhatTheProblemWas) {
  for (int seed = 0; seed < 200; ++seed) {
    test::Random random(static_cast<std::uint64_t>(seed));
    const Problem problem = test::odd_problem(random);
    ProblemBuilder pieces;
    ProblemBuilder bulk;
    ProblemBuilder shared;
    for (ProblemBuilder* builder : {&pieces, &bulk, &shared}) {
      builder->set_name(problem.name);
      if (problem.usage_limit) builder->set_usage_limit(*problem.usage_limit);
    }
    for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
      EXPECT_EQ(pieces.add_node(problem.intervals[node], problem.node_costs(node),
                                problem.node_usages(node)),
                node);
    const NodeArrays nodes{problem.intervals, problem.strategy_offsets, problem.costs,
                           problem.usages};
    EXPECT_EQ(bulk.add_nodes(nodes), 0);
    EXPECT_EQ(shared.add_nodes(nodes), 0);
    Values entries;
    Values table_offsets{0};
    for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge) {
      const auto table = problem.table_of_edge(edge);
      EXPECT_EQ(pieces.add_edge(problem.nodes_of_edge(edge), table), edge);
      entries.insert(entries.end(), table.begin(), table.end());
      table_offsets.push_back(static_cast<std::int64_t>(entries.size()));
    }
    EXPECT_EQ(
        bulk.add_edges({problem.edge_nodes, problem.edge_offsets, {}, table_offsets, entries}), 0);
    EXPECT_EQ(shared.add_edges({problem.edge_nodes, problem.edge_offsets, problem.edge_tables,
                                problem.table_offsets, problem.entries}),
              0);
    for (ProblemBuilder* builder : {&pieces, &bulk, &shared}) {
      const auto built = builder->build();
      ASSERT_TRUE(built) << built.error().message;
      expect_equal(*built, problem);
    }
  }
}

TEST(ProblemBuilder, AddsInSeveralPieces) {
  ProblemBuilder builder = two_nodes();
  const std::array<Interval, 2> intervals{{{5, 6}, {7, 8}}};
  EXPECT_EQ(builder.add_nodes({intervals, Values{0, 1, 3}, Values{1, 2, 3}, Values{4, 5, 6}}), 2);
  EXPECT_EQ(builder.num_strategies(3), 2);
  EXPECT_EQ(builder.num_strategies(4), -1);
  // Two ends each unless said otherwise; one table for both.
  EXPECT_EQ(builder.add_edges(
                {Nodes{0, 3, 3, 0}, {}, Nodes{1, 1}, Values{0, 1, 5}, Values{0, 1, 2, 3, 4}}),
            0);
  const auto problem = builder.build();
  ASSERT_TRUE(problem) << problem.error().message;
  EXPECT_EQ(problem->strategy_offsets, (Values{0, 2, 5, 6, 8}));
  EXPECT_EQ(problem->edge_tables, (Nodes{0, 0}));
  EXPECT_EQ(problem->entries, (Values{1, 2, 3, 4})) << "tables that no edge reads are left out";
}

TEST(ProblemBuilder, SaysWhatIsWrongWithANode) {
  ProblemBuilder builder = two_nodes();
  builder.add_node({0, 1}, {}, {});
  expect_refused(builder, "problem.nodes.costs[2]: 0 entries, expected at least 1");
  builder.add_node({0, 1}, Values{1, 2}, Values{1});
  expect_refused(builder, "problem.nodes.usages[2]: 1 entry, expected 2");
  builder.add_node({0, 1}, Values{1, 2}, Values{1, -7});
  expect_refused(builder, "problem.nodes.usages[2][1]: -7 is below zero");
  const std::array<Interval, 2> intervals{};
  builder.add_nodes({intervals, Values{0, 1, 2}, Values{1, 2}, Values{1, -7}});
  expect_refused(builder, "problem.nodes.usages[3][0]: -7 is below zero");
  builder.add_nodes({intervals, Values{0, 2, 1}, Values{1, 2}, Values{1, 2}});
  expect_refused(builder, "nodes.strategy_offsets[2]: 1 is less than the one before");
  builder.add_nodes({intervals, Values{0, 1, 3}, Values{1, 2}, Values{1, 2}});
  expect_refused(builder, "nodes.strategy_offsets[2]: 3, expected 2");
  builder.add_nodes({intervals, Values{0, 1}, Values{1}, Values{1}});
  expect_refused(builder, "nodes.strategy_offsets: 2 entries, expected 3");
  builder.add_nodes({intervals, Values{0, 1, 2}, Values{1, 2}, Values{1}});
  expect_refused(builder, "nodes.usages: 1 entry, expected 2");
}

TEST(ProblemBuilder, SaysWhatIsWrongWithAnEdge) {
  ProblemBuilder builder = two_nodes();
  builder.add_edge(Nodes{0, 2}, Values{1, 2});
  expect_refused(builder, "problem.edges.nodes[0][1]: node 2 is not in [0, 2)");
  builder.add_edge(Nodes{-1}, Values{1});
  expect_refused(builder, "problem.edges.nodes[0][0]: node -1 is not in [0, 2)");
  builder.add_edge(Nodes{0, 1}, Values{1, 2});
  expect_refused(builder, "problem.edges.costs[0]: 2 entries, expected 6");
  builder.add_edge({}, Values{1});
  expect_refused(builder, "problem.edges.nodes[0]: 0 entries, expected at least 1");
  builder.add_edges({Nodes{0, 0}, {}, Nodes{1}, Values{0, 4}, Values{1, 2, 3, 4}});
  expect_refused(builder, "edges.tables[0]: table 1 is not in [0, 1)");
  builder.add_edges({Nodes{0, 0, 1}, {}, {}, Values{0, 4}, Values{1, 2, 3, 4}});
  expect_refused(builder, "edges.nodes: 3 entries, expected 2");
  builder.add_edges({Nodes{0, 0}, Values{0, 3}, {}, Values{0, 4}, Values{1, 2, 3, 4}});
  expect_refused(builder, "edges.end_offsets[1]: 3, expected 2");
  builder.add_edges({Nodes{0, 0}, {}, {}, Values{1, 4}, Values{1, 2, 3, 4}});
  expect_refused(builder, "edges.table_offsets[0]: 1, expected 0");
  // The first edge is sound, yet none is added.
  builder.add_edges({Nodes{0, 0, 0, 1}, {}, Nodes{0, 0}, Values{0, 4}, Values{1, 2, 3, 4}});
  expect_refused(builder, "problem.edges.costs[1]: 4 entries, expected 6");
  EXPECT_EQ(builder.num_edges(), 0);
}

TEST(ProblemBuilder, TellsOfTheFirstErrorWhenItBuilds) {
  ProblemBuilder builder = two_nodes();
  builder.set_usage_limit(-1);
  builder.add_edge(Nodes{0, 2}, Values{1, 2});
  const auto problem = builder.build();
  ASSERT_FALSE(problem);
  EXPECT_EQ(problem.error().message, "problem.usage_limit: -1 is below zero");
  EXPECT_EQ(builder.build().error().message, "problem.nodes.costs: 0 entries, expected at least 1");
}

TEST(Validate, LooksAtEveryArray) {
  ProblemBuilder builder = two_nodes();
  builder.add_edge(Nodes{0, 1}, Values{1, 2, 3, 4, 5, 6});
  const Problem sound = *builder.build();
  ASSERT_FALSE(validate(sound));
  const auto message = [&](auto&& damage) {
    Problem problem = sound;
    damage(problem);
    const auto error = validate(problem);
    return error ? error->message : "sound";
  };
  EXPECT_EQ(message([](Problem& p) { p = Problem(); }),
            "problem.nodes.costs: 0 entries, expected at least 1");
  EXPECT_EQ(message([](Problem& p) { p.strategy_offsets.pop_back(); }),
            "problem.strategy_offsets: 2 entries, expected 3");
  EXPECT_EQ(message([](Problem& p) {
              p.strategy_offsets = {0, 6, 5};
            }),
            "problem.strategy_offsets[2]: 5 is less than the one before");
  EXPECT_EQ(message([](Problem& p) {
              p.strategy_offsets = {0, 0, 5};
            }),
            "problem.nodes.costs[0]: 0 entries, expected at least 1");
  EXPECT_EQ(message([](Problem& p) { p.costs.pop_back(); }),
            "problem.strategy_offsets[2]: 5, expected 4");
  EXPECT_EQ(message([](Problem& p) { p.usages.push_back(1); }),
            "problem.nodes.usages: 6 entries, expected 5 in all");
  EXPECT_EQ(message([](Problem& p) { p.usages[1] = -2; }),
            "problem.nodes.usages[0][1]: -2 is below zero");
  EXPECT_EQ(message([](Problem& p) {
              p.edge_offsets = {0, 1};
            }),
            "problem.edge_offsets[1]: 1, expected 2");
  EXPECT_EQ(message([](Problem& p) {
              p.edge_offsets = {-1, 2};
            }),
            "problem.edge_offsets[0]: -1, expected 0");
  EXPECT_EQ(message([](Problem& p) { p.edge_nodes[1] = 2; }),
            "problem.edges.nodes[0][1]: node 2 is not in [0, 2)");
  EXPECT_EQ(message([](Problem& p) { p.edge_tables[0] = 1; }),
            "problem.edge_tables[0]: table 1 is not in [0, 1)");
  EXPECT_EQ(message([](Problem& p) { p.table_offsets.clear(); }),
            "problem.table_offsets: 0 entries, expected at least 1");
  EXPECT_EQ(message([](Problem& p) {
              p.table_offsets = {0, 7};
            }),
            "problem.table_offsets[1]: 7, expected 6");
  EXPECT_EQ(message([](Problem& p) {
              p.table_offsets = {0, 5, 6};
            }),
            "problem.edges.costs[0]: 5 entries, expected 6");
  EXPECT_EQ(message([](Problem& p) { p.usage_limit = -1; }),
            "problem.usage_limit: -1 is below zero");
}

}  // namespace
}  // namespace warpshard
