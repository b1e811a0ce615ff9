#include "host/generate/autodiff.h"

#include <gtest/gtest.h>

#include "host/generate/transformer.h"

namespace warpshard::generator {
namespace {

TEST(Autodiff, ProductRuleOfAMatrixProduct) {
  Graph graph(Coupling::kFollow);
  const auto x = graph.parameter(Shape({8, 16}, 4), true, false);
  const auto w = graph.parameter(Shape({16, 32}, 4), true, false);
  const auto y = graph.contract(OpKind::kEinsum, Shape({8, 32, 16}, 4), 2, {x, dim_map({0, 2})},
                                {w, dim_map({2, 1})});
  const auto gradients = append_gradients(graph, graph.reduce(y, kNoDims));
  EXPECT_EQ(graph.shape(gradients[y]), graph.shape(y));
  EXPECT_EQ(graph.shape(gradients[x]), graph.shape(x));
  EXPECT_EQ(graph.shape(gradients[w]), graph.shape(w));
  // dw = x' dy sums over the rows of x: its index space is (16, 32; 8).
  EXPECT_EQ(graph[gradients[w]].kind, OpKind::kEinsum);
  EXPECT_EQ(graph[gradients[w]].space, Shape({16, 32, 8}, 4));
}

TEST(Autodiff, GradientsOfSharedOperandsAreSummed) {
  Graph graph(Coupling::kFollow);
  const auto x = graph.parameter(Shape({8}, 4), true, false);
  const auto square = graph.multiply(x, x);
  const auto gradients = append_gradients(graph, graph.reduce(square, kNoDims));
  EXPECT_EQ(graph[gradients[x]].kind, OpKind::kAdd);
}

TEST(Autodiff, NothingFlowsToConstants) {
  Graph graph(Coupling::kFollow);
  const auto x = graph.parameter(Shape({8}, 4), true, false);
  const auto data = graph.parameter(Shape({8}, 4), false, false);
  const auto gradients = append_gradients(graph, graph.reduce(graph.multiply(x, data), kNoDims));
  EXPECT_GE(gradients[x], 0);
  EXPECT_EQ(gradients[data], -1);
}

TEST(Autodiff, OperandsComeBeforeTheirReadersInTheWholeStep) {
  ModelSpec spec;
  spec.batch = 8;
  spec.sequence = 16;
  spec.hidden = 32;
  spec.head_size = 8;
  spec.vocabulary = 100;
  spec.gated = true;
  LayerSpec layer;
  layer.hidden = 32;
  layer.heads = 4;
  layer.feed_forward_size = 64;
  spec.layers = {layer, layer};
  spec.layers[1].hidden = 48;
  const Graph graph = build_training_step(spec, Coupling::kFollow);
  for (std::int32_t id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    EXPECT_LE(node.leader, id);
    EXPECT_LE(node.output_rank, node.space.rank);
    for (const Operand& operand : node.operands) {
      EXPECT_LT(operand.node, id);
      const Shape read = graph.shape(operand.node);
      for (int d = 0; d < read.rank; ++d) {
        if (operand.dims[d] == kUnmapped) continue;
        ASSERT_LT(operand.dims[d], node.space.rank);
        // A dimension keeps its size unless a reshape splits, merges or pads it.
        if (node.kind != OpKind::kReshape) {
          EXPECT_EQ(read.dims[d], node.space.dims[operand.dims[d]]) << id;
        }
      }
    }
  }
}

}  // namespace
}  // namespace warpshard::generator
