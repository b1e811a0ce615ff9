#include "host/generate/autodiff.h"

namespace warpshard::generator {
namespace {

class Differentiator {
 public:
  Differentiator(Graph& graph, std::int32_t loss) : graph_(graph), gradients_(loss + 1, -1) {}

  std::vector<std::int32_t> run(std::int32_t loss) {
    gradients_[loss] = graph_.constant();
    for (std::int32_t node = loss; node >= 0; --node)
      if (gradients_[node] >= 0 && graph_[node].needs_gradient) differentiate(node);
    return std::move(gradients_);
  }

 private:
  bool wanted(std::int32_t node) const { return graph_[node].needs_gradient; }

  void accumulate(std::int32_t node, std::int32_t gradient) {
    std::int32_t& sum = gradients_[node];
    sum = sum < 0 ? gradient : graph_.add(gradient, sum);
  }

  void differentiate(std::int32_t id) {
    const Node node = graph_[id];  // a copy: the graph grows below
    const std::int32_t gradient = gradients_[id];
    switch (node.kind) {
      case OpKind::kParameter:
      case OpKind::kConstant:
      case OpKind::kIota:
      case OpKind::kAlias:
        return;
      case OpKind::kUnary:
        // The derivative is taken at the operand, which therefore lives until here.
        accumulate(node.operands[0].node,
                   graph_.multiply(gradient, graph_.unary(node.operands[0].node)));
        return;
      case OpKind::kConvert: {
        const std::int32_t x = node.operands[0].node;
        accumulate(x, graph_.convert(gradient, graph_[x].space.element_bytes));
        return;
      }
      case OpKind::kAdd:
        for (const Operand& operand : node.operands)
          if (wanted(operand.node)) accumulate(operand.node, gradient);
        return;
      case OpKind::kMultiply:
        multiply_rule(node, gradient);
        return;
      case OpKind::kBroadcast:
        broadcast_rule(node, gradient);
        return;
      case OpKind::kReduce:
        reduce_rule(node, gradient);
        return;
      case OpKind::kReshape: {
        const Operand& x = node.operands[0];
        accumulate(x.node, graph_.reshape(gradient, graph_.shape(x.node), inverse(x.dims)));
        return;
      }
      case OpKind::kTranspose:
        accumulate(node.operands[0].node,
                   graph_.transpose(gradient, inverse(node.operands[0].dims)));
        return;
      case OpKind::kEinsum:
      case OpKind::kGather:
        contraction_rule(node, gradient);
        return;
    }
  }

  void multiply_rule(const Node& node, std::int32_t gradient) {
    const std::int32_t x = node.operands[0].node;
    const std::int32_t y = node.operands[1].node;
    if (wanted(x)) accumulate(x, graph_.multiply(gradient, y));
    if (wanted(y)) accumulate(y, graph_.multiply(gradient, x));
  }

  void broadcast_rule(const Node& node, std::int32_t gradient) {
    const Operand& x = node.operands[0];
    if (wanted(x.node)) accumulate(x.node, graph_.reduce(gradient, inverse(x.dims)));
  }

  /// The gradient of a sum is the sum's gradient, repeated along what was summed over.
  void reduce_rule(const Node& node, std::int32_t gradient) {
    const Operand& x = node.operands[0];
    DimMap to_input = kNoDims;
    const DimMap from_space = inverse(x.dims);
    for (int d = 0; d < node.output_rank; ++d) to_input[d] = from_space[d];
    accumulate(x.node, graph_.broadcast(gradient, graph_.shape(x.node), to_input));
  }

  /// Each factor's gradient contracts the result's gradient with the other factor.
  void contraction_rule(const Node& node, std::int32_t gradient) {
    for (int side = 0; side < 2; ++side) {
      const Operand& factor = node.operands[side];
      const Operand& other = node.operands[1 - side];
      if (wanted(factor.node))
        accumulate(factor.node, factor_gradient(node, factor, other, gradient));
    }
  }

  std::int32_t factor_gradient(const Node& node, const Operand& factor, const Operand& other,
                               std::int32_t gradient) {
    const int output_rank = graph_[factor.node].output_rank;
    Shape space = graph_.shape(factor.node);
    DimMap to_space = inverse(factor.dims);  // node's dimension -> new dimension
    for (int d = 0; d < node.space.rank; ++d) {
      if (to_space[d] != kUnmapped) continue;
      space.dims[space.rank] = node.space.dims[d];
      to_space[d] = static_cast<std::int8_t>(space.rank++);
    }
    DimMap gradient_dims = kNoDims;
    for (int d = 0; d < node.output_rank; ++d) gradient_dims[d] = to_space[d];
    DimMap other_dims = kNoDims;
    for (int d = 0; d < graph_[other.node].output_rank; ++d)
      other_dims[d] = to_space[other.dims[d]];
    return graph_.contract(node.kind, space, output_rank, {gradient, gradient_dims},
                           {other.node, other_dims});
  }

  Graph& graph_;
  std::vector<std::int32_t> gradients_;
};

}  // namespace

std::vector<std::int32_t> append_gradients(Graph& graph, std::int32_t loss) {
  return Differentiator(graph, loss).run(loss);
}

}  // namespace warpshard::generator
