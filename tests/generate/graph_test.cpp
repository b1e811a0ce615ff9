#include "host/generate/graph.h"

#include <gtest/gtest.h>

#include "host/generate/liveness.h"
#include "host/generate/random_bits.h"

namespace warpshard::generator {
namespace {

const Shape kMatrix({64, 32}, 4);

TEST(Graph, ElementwiseOperationsFollowWhatTheyRead) {
  Graph graph(Coupling::kFollow);
  const auto x = graph.parameter(kMatrix, false, false);
  const auto y = graph.unary(graph.convert(x, 2));
  EXPECT_EQ(graph[y].leader, x);
  EXPECT_EQ(graph[y].tie, x);
  EXPECT_EQ(graph.shape(y), kMatrix.with_element_bytes(2));
}

TEST(Graph, OperationsOnTwoTensorsLeadUnlessOneYields) {
  Graph graph(Coupling::kFollow);
  const auto x = graph.parameter(kMatrix, false, false);
  const auto y = graph.parameter(kMatrix, false, false);
  const auto sum = graph.add(x, y);
  EXPECT_EQ(graph[sum].leader, sum);
  EXPECT_EQ(graph[sum].tie, -1);
  EXPECT_EQ(graph[graph.scaled(x, graph.constant())].leader, x);
}

TEST(Graph, TransposesFollowWithPermutedDimensions) {
  Graph graph(Coupling::kFollow);
  const auto x = graph.parameter(kMatrix, false, false);
  const auto y = graph.transpose(x, dim_map({1, 0}));
  EXPECT_EQ(graph.shape(y), Shape({32, 64}, 4));
  EXPECT_EQ(graph[y].leader, x);
  EXPECT_EQ(graph[y].to_leader[0], 1);
  EXPECT_EQ(graph[y].to_leader[1], 0);
}

TEST(Graph, ReductionsFollowButWhatReadsThemLeads) {
  Graph graph(Coupling::kFollow);
  const auto x = graph.parameter(kMatrix, false, false);
  const auto sum = graph.reduce(x, dim_map({kUnmapped, 0}));
  EXPECT_EQ(graph.shape(sum), Shape({32}, 4));
  EXPECT_EQ(graph[sum].leader, x);
  const auto y = graph.unary(sum);
  EXPECT_EQ(graph[y].leader, y);
}

TEST(Graph, UncoupledFollowersHaveNoTie) {
  Graph graph(Coupling::kFree);
  const auto x = graph.parameter(kMatrix, false, false);
  const auto y = graph.unary(x);
  EXPECT_EQ(graph[y].leader, x);
  EXPECT_EQ(graph[y].tie, -1);
}

TEST(Graph, RandomBitsAreOneLargeCluster) {
  Graph graph(Coupling::kFollow);
  const auto key = graph.parameter(Shape({2}, 4), false, false);
  const auto bits = append_random_bits(graph, key, 1000);
  int followers = 0;
  for (std::int32_t id = 0; id < graph.size(); ++id)
    followers += id != graph[bits].leader && graph[id].leader == graph[bits].leader ? 1 : 0;
  EXPECT_GT(followers, 100);
  EXPECT_EQ(graph.shape(bits), Shape({1000}, 4));
}

TEST(Liveness, FromDefinitionThroughLastUse) {
  Graph graph(Coupling::kFollow);
  const auto weight = graph.parameter(kMatrix, false, /*persistent=*/true);
  const auto input = graph.parameter(kMatrix, false, false);
  const auto a = graph.unary(input);  // time 0
  const auto b = graph.unary(a);      // time 1
  const auto c = graph.add(a, b);     // time 2
  const auto update = graph.update(weight, c, /*in_place=*/true);
  const auto result = graph.alias(update);
  const auto d = graph.unary(b);  // time 3
  const auto intervals = live_intervals(graph);
  const auto expect = [&](std::int32_t node, std::int64_t lower, std::int64_t upper) {
    EXPECT_EQ(intervals[node].lower, lower) << node;
    EXPECT_EQ(intervals[node].upper, upper) << node;
  };
  expect(weight, 0, 4);
  expect(input, 0, 1);
  expect(a, 0, 3);
  expect(b, 1, 4);
  expect(c, 2, 3);
  expect(d, 3, 4);
  EXPECT_TRUE(intervals[update].empty());
  EXPECT_TRUE(intervals[result].empty());
}

TEST(Liveness, ResultsLiveUntilTheEnd) {
  Graph graph(Coupling::kFollow);
  const auto moment = graph.parameter(kMatrix, false, false);
  const auto next = graph.update(moment, graph.unary(moment), /*in_place=*/false);
  graph.unary(graph.unary(graph.constant()));
  const auto intervals = live_intervals(graph);
  EXPECT_EQ(intervals[moment].upper, 2);
  EXPECT_EQ(intervals[next].lower, 1);
  EXPECT_EQ(intervals[next].upper, 5);
}

}  // namespace
}  // namespace warpshard::generator
