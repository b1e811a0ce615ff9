#include "host/generate/transformer.h"

#include <cstddef>

#include "host/generate/autodiff.h"
#include "host/generate/optimizer.h"
#include "host/generate/random_bits.h"

namespace warpshard::generator {
namespace {

constexpr int kHalf = 2;   ///< bytes of an activation
constexpr int kFloat = 4;  ///< bytes of a parameter, a statistic, an index
constexpr int kByte = 1;   ///< bytes of a mask entry

/// Builds the forward pass; the tensors that flow between layers are [batch, sequence, hidden].
class ForwardPass {
 public:
  ForwardPass(Graph& graph, const ModelSpec& spec) : graph_(graph), spec_(spec) {}

  /// Parameters come first in program order, as in a compiled module's argument list.
  void declare_parameters();
  /// Returns the loss, a scalar.
  std::int32_t loss();
  const std::vector<std::int32_t>& weights() const { return weights_; }

 private:
  struct Linear {
    std::int32_t weight = -1;
    std::int32_t bias = -1;
  };
  struct Norm {
    std::int32_t scale = -1;
    std::int32_t offset = -1;
  };
  struct Layer {
    Norm attention_norm, feed_forward_norm;
    Linear resize, query, key, value, projection, up, gate, down;
  };

  std::int32_t weight(const Shape& shape);
  Linear declare_linear(std::int64_t inputs, std::int64_t outputs);
  Norm declare_norm(std::int64_t width);
  Layer declare_layer(const LayerSpec& spec, std::int64_t previous_width);
  Shape tokens_by(std::int64_t width) const {
    return Shape({spec_.batch, spec_.sequence, width}, kHalf);
  }

  std::int32_t input();
  std::int32_t linear(std::int32_t x, const Linear& linear);
  std::int32_t norm(std::int32_t x, const Norm& norm);
  std::int32_t heads(std::int32_t x, std::int64_t count);
  std::int32_t softmax(std::int32_t scores);
  std::int32_t attention(std::int32_t x, const Layer& layer, const LayerSpec& spec);
  std::int32_t activation(std::int32_t x);
  std::int32_t feed_forward(std::int32_t x, const Layer& layer);
  std::int32_t residual(std::int32_t x, std::int32_t branch, bool dropout);
  std::int32_t dropped_out(std::int32_t x);
  std::int32_t cross_entropy(std::int32_t x);
  /// Repeats x, which lacks the last dimension, along it.
  std::int32_t along_last(std::int32_t x, const Shape& shape);
  std::int32_t reduce_last(std::int32_t x);

  Graph& graph_;
  const ModelSpec& spec_;
  std::vector<std::int32_t> weights_;
  std::vector<Layer> layers_;
  Linear output_;  ///< back to the embedding's width
  std::int32_t tokens_ = -1;
  std::int32_t labels_ = -1;
  std::int32_t embedding_ = -1;
  std::int32_t key_ = -1;  ///< of the random bits
  std::int32_t one_ = -1;  ///< a scalar
};

std::int32_t ForwardPass::weight(const Shape& shape) {
  weights_.push_back(graph_.parameter(shape, /*trained=*/true, /*persistent=*/true));
  return weights_.back();
}

ForwardPass::Linear ForwardPass::declare_linear(std::int64_t inputs, std::int64_t outputs) {
  Linear linear;
  linear.weight = weight(Shape({inputs, outputs}, kFloat));
  if (spec_.bias) linear.bias = weight(Shape({outputs}, kFloat));
  return linear;
}

ForwardPass::Norm ForwardPass::declare_norm(std::int64_t width) {
  Norm norm;
  if (!spec_.norm) return norm;
  norm.scale = weight(Shape({width}, kFloat));
  if (spec_.centred_norm) norm.offset = weight(Shape({width}, kFloat));
  return norm;
}

ForwardPass::Layer ForwardPass::declare_layer(const LayerSpec& spec, std::int64_t previous_width) {
  Layer layer;
  if (spec.hidden != previous_width) layer.resize = declare_linear(previous_width, spec.hidden);
  if (spec.attention) {
    const std::int64_t width = spec.heads * spec_.head_size;
    layer.attention_norm = declare_norm(spec.hidden);
    layer.query = declare_linear(spec.hidden, width);
    layer.key = declare_linear(spec.hidden, width);
    layer.value = declare_linear(spec.hidden, width);
    layer.projection = declare_linear(width, spec.hidden);
  }
  if (spec.feed_forward) {
    layer.feed_forward_norm = declare_norm(spec.hidden);
    layer.up = declare_linear(spec.hidden, spec.feed_forward_size);
    if (spec_.gated) layer.gate = declare_linear(spec.hidden, spec.feed_forward_size);
    layer.down = declare_linear(spec.feed_forward_size, spec.hidden);
  }
  if (!spec.attention && !spec.feed_forward) layer.up = declare_linear(spec.hidden, spec.hidden);
  return layer;
}

void ForwardPass::declare_parameters() {
  const Shape indices({spec_.batch, spec_.sequence}, kFloat);
  if (spec_.embedding) {
    tokens_ = graph_.parameter(indices, /*trained=*/false, /*persistent=*/true);
    labels_ = graph_.parameter(indices, /*trained=*/false, /*persistent=*/true);
    embedding_ = weight(Shape({spec_.vocabulary, spec_.hidden}, kFloat));
  } else {
    tokens_ = graph_.parameter(tokens_by(spec_.hidden), /*trained=*/false, /*persistent=*/false);
  }
  bool dropout = false;
  std::int64_t width = spec_.hidden;
  for (const LayerSpec& layer : spec_.layers) {
    layers_.push_back(declare_layer(layer, width));
    width = layer.hidden;
    dropout |= layer.dropout;
  }
  if (spec_.embedding && width != spec_.hidden) output_ = declare_linear(width, spec_.hidden);
  if (dropout) key_ = graph_.parameter(Shape({2}, kFloat), false, true);
}

std::int32_t ForwardPass::along_last(std::int32_t x, const Shape& shape) {
  DimMap dims = kSameDims;
  for (int d = graph_[x].output_rank; d < kMaxRank; ++d) dims[d] = kUnmapped;
  return graph_.broadcast(x, shape, dims);
}

std::int32_t ForwardPass::reduce_last(std::int32_t x) {
  DimMap dims = kSameDims;
  for (int d = graph_[x].output_rank - 1; d < kMaxRank; ++d) dims[d] = kUnmapped;
  return graph_.reduce(x, dims);
}

std::int32_t ForwardPass::linear(std::int32_t x, const Linear& linear) {
  const std::int32_t matrix = graph_.convert(linear.weight, kHalf);
  const Shape input = graph_.shape(x);
  Shape space = input;
  space.rank = 4;
  space.dims[2] = graph_.shape(matrix).dims[1];
  space.dims[3] = input.dims[2];
  const std::int32_t product = graph_.contract(OpKind::kEinsum, space, 3, {x, dim_map({0, 1, 3})},
                                               {matrix, dim_map({3, 2})});
  if (linear.bias < 0) return product;
  const std::int32_t bias =
      graph_.broadcast(graph_.convert(linear.bias, kHalf), graph_.shape(product), dim_map({2}));
  return graph_.add(product, bias);
}

std::int32_t ForwardPass::norm(std::int32_t x, const Norm& norm) {
  if (norm.scale < 0) return x;
  std::int32_t centred = graph_.convert(x, kFloat);
  const Shape shape = graph_.shape(centred);
  if (spec_.centred_norm) {
    const std::int32_t mean = graph_.scaled(reduce_last(centred), one_);
    centred = graph_.add(centred, along_last(mean, shape));
  }
  const std::int32_t variance = graph_.scaled(reduce_last(graph_.multiply(centred, centred)), one_);
  const std::int32_t inverse_deviation = graph_.unary(graph_.scaled(variance, one_));
  std::int32_t y = graph_.multiply(centred, along_last(inverse_deviation, shape));
  y = graph_.multiply(y, graph_.broadcast(norm.scale, shape, dim_map({2})));
  if (norm.offset >= 0) y = graph_.add(y, graph_.broadcast(norm.offset, shape, dim_map({2})));
  return graph_.convert(y, kHalf);
}

/// [batch, sequence, heads * size] -> [batch, heads, sequence, size]
std::int32_t ForwardPass::heads(std::int32_t x, std::int64_t count) {
  const Shape split({spec_.batch, spec_.sequence, count, spec_.head_size}, kHalf);
  return graph_.transpose(graph_.reshape(x, split, dim_map({0, 1, 2})), dim_map({0, 2, 1, 3}));
}

std::int32_t ForwardPass::softmax(std::int32_t scores) {
  const Shape shape = graph_.shape(scores);
  const std::int32_t shifted = graph_.add(scores, along_last(reduce_last(scores), shape));
  const std::int32_t exponential = graph_.unary(shifted);
  const std::int32_t inverse_sum = graph_.unary(reduce_last(exponential));
  return graph_.multiply(exponential, along_last(inverse_sum, shape));
}

std::int32_t ForwardPass::attention(std::int32_t x, const Layer& layer, const LayerSpec& spec) {
  const std::int32_t query = heads(linear(x, layer.query), spec.heads);
  const std::int32_t key = heads(linear(x, layer.key), spec.heads);
  const std::int32_t value = heads(linear(x, layer.value), spec.heads);
  const Shape scores_space(
      {spec_.batch, spec.heads, spec_.sequence, spec_.sequence, spec_.head_size}, kHalf);
  std::int32_t scores =
      graph_.contract(OpKind::kEinsum, scores_space, 4, {query, dim_map({0, 1, 2, 4})},
                      {key, dim_map({0, 1, 3, 4})});
  scores = graph_.convert(graph_.scaled(scores, one_), kFloat);
  const std::int32_t causal = graph_.iota(Shape({spec_.sequence, spec_.sequence}, kByte));
  scores = graph_.add(
      scores, graph_.broadcast(graph_.unary(causal), graph_.shape(scores), dim_map({2, 3})));
  const std::int32_t weights = graph_.convert(softmax(scores), kHalf);
  const Shape context_space(
      {spec_.batch, spec.heads, spec_.sequence, spec_.head_size, spec_.sequence}, kHalf);
  const std::int32_t context =
      graph_.contract(OpKind::kEinsum, context_space, 4, {weights, dim_map({0, 1, 2, 4})},
                      {value, dim_map({0, 1, 4, 3})});
  const std::int32_t merged =
      graph_.reshape(graph_.transpose(context, dim_map({0, 2, 1, 3})),
                     tokens_by(spec.heads * spec_.head_size), dim_map({0, 1, 2}));
  return linear(merged, layer.projection);
}

/// The tanh form of GELU (Hendrycks and Gimpel 2016).
std::int32_t ForwardPass::activation(std::int32_t x) {
  const std::int32_t cube = graph_.multiply(graph_.multiply(x, x), x);
  const std::int32_t inner = graph_.scaled(graph_.add(x, graph_.scaled(cube, one_)), one_);
  return graph_.scaled(graph_.multiply(x, graph_.unary(inner)), one_);
}

std::int32_t ForwardPass::feed_forward(std::int32_t x, const Layer& layer) {
  if (!spec_.norm && !spec_.bias && !spec_.gated) return linear(linear(x, layer.up), layer.down);
  std::int32_t inner = activation(linear(x, layer.up));
  if (spec_.gated) inner = graph_.multiply(inner, linear(x, layer.gate));
  return linear(inner, layer.down);
}

std::int32_t ForwardPass::dropped_out(std::int32_t x) {
  const Shape shape = graph_.shape(x);
  const std::int64_t elements = shape.elements();
  const std::int32_t bits = append_random_bits(graph_, key_, (elements + 1) / 2);
  const std::int32_t both = graph_.reshape(bits, Shape({elements}, kFloat), dim_map({0}));
  const std::int32_t uniform = graph_.unary(graph_.scaled(graph_.unary(both), one_));
  const std::int32_t cube = graph_.reshape(uniform, shape.with_element_bytes(kFloat), dim_map({0}));
  const std::int32_t mask = graph_.convert(graph_.unary(cube), kByte);
  return graph_.scaled(graph_.multiply(x, mask), one_);
}

std::int32_t ForwardPass::residual(std::int32_t x, std::int32_t branch, bool dropout) {
  return graph_.add(x, dropout ? dropped_out(branch) : branch);
}

std::int32_t ForwardPass::input() {
  if (!spec_.embedding) return tokens_;
  const Shape space({spec_.batch, spec_.sequence, spec_.hidden, spec_.vocabulary}, kHalf);
  return graph_.contract(OpKind::kGather, space, 3, {tokens_, dim_map({0, 1})},
                         {graph_.convert(embedding_, kHalf), dim_map({3, 2})});
}

std::int32_t ForwardPass::cross_entropy(std::int32_t x) {
  const Shape space({spec_.batch, spec_.sequence, spec_.vocabulary, spec_.hidden}, kHalf);
  const std::int32_t logits = graph_.contract(OpKind::kEinsum, space, 3, {x, dim_map({0, 1, 3})},
                                              {graph_.convert(embedding_, kHalf), dim_map({2, 3})});
  const std::int32_t probabilities = softmax(graph_.convert(logits, kFloat));
  const std::int32_t target = graph_.convert(along_last(labels_, graph_.shape(logits)), kByte);
  const std::int32_t losses = reduce_last(graph_.multiply(graph_.unary(probabilities), target));
  return graph_.scaled(graph_.reduce(losses, kNoDims), one_);
}

std::int32_t ForwardPass::loss() {
  // The one scalar constant all scalings share: a hub, as constants are in compiled modules.
  if (spec_.norm || spec_.bias || spec_.embedding) one_ = graph_.constant();
  std::int32_t x = input();
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const LayerSpec& spec = spec_.layers[i];
    if (spec.dropout)
      key_ = graph_.reshape(append_random_bits(graph_, key_, 2), Shape({2}, kFloat), dim_map({0}));
    if (layers_[i].resize.weight >= 0) x = linear(x, layers_[i].resize);
    if (spec.attention) {
      const std::int32_t branch = attention(norm(x, layers_[i].attention_norm), layers_[i], spec);
      x = residual(x, branch, spec.dropout);
    }
    if (spec.feed_forward) {
      const std::int32_t branch = feed_forward(norm(x, layers_[i].feed_forward_norm), layers_[i]);
      x = residual(x, branch, spec.dropout);
    }
    if (!spec.attention && !spec.feed_forward) x = linear(x, layers_[i].up);
  }
  if (output_.weight >= 0) x = linear(x, output_);
  return spec_.embedding ? cross_entropy(x) : graph_.reduce(x, kNoDims);
}

}  // namespace

Graph build_training_step(const ModelSpec& spec, Coupling coupling) {
  Graph graph(coupling);
  ForwardPass forward(graph, spec);
  forward.declare_parameters();
  const OptimizerState state = declare_optimizer_state(graph, spec.adam, forward.weights());
  const std::vector<std::int32_t> gradients = append_gradients(graph, forward.loss());
  append_updates(graph, spec.adam, forward.weights(), gradients, state);
  return graph;
}

}  // namespace warpshard::generator
