#include "host/generate/graph.h"

#include <algorithm>

namespace warpshard::generator {

DimMap inverse(const DimMap& dims) {
  DimMap result = kNoDims;
  for (int d = 0; d < kMaxRank; ++d)
    if (dims[d] != kUnmapped) result[dims[d]] = static_cast<std::int8_t>(d);
  return result;
}

std::int32_t Graph::append(Node node) {
  const std::int32_t id = size();
  if (node.leader < 0) node.leader = id;
  if (node.buffer < 0) node.buffer = id;
  for (const Operand& operand : node.operands)
    node.needs_gradient |= nodes_[operand.node].needs_gradient;
  nodes_.push_back(std::move(node));
  return id;
}

std::int32_t Graph::lead(OpKind kind, const Shape& space, int output_rank,
                         std::vector<Operand> operands) {
  Node node;
  node.kind = kind;
  node.space = space;
  node.output_rank = output_rank;
  node.operands = std::move(operands);
  return append(std::move(node));
}

std::int32_t Graph::follow(OpKind kind, std::int32_t x, const Shape& space, const DimMap& to_leader,
                           std::vector<Operand> operands) {
  Node node;
  node.kind = kind;
  node.space = space;
  node.output_rank = space.rank;
  node.leader = nodes_[x].leader;
  node.to_leader = to_leader;
  if (coupling_ != Coupling::kFree) node.tie = node.leader;
  node.operands = std::move(operands);
  return append(std::move(node));
}

/// True if x's sharding tells its leader's strategy, so that an operation on x can follow.
bool Graph::determines_leader(std::int32_t x) const {
  const Node& node = nodes_[x];
  return node.output_rank == nodes_[node.leader].space.rank;
}

bool Graph::same_sharding(std::int32_t x, std::int32_t y) const {
  const Node& a = nodes_[x];
  const Node& b = nodes_[y];
  return a.leader == b.leader &&
         std::equal(a.to_leader.begin(), a.to_leader.begin() + a.output_rank, b.to_leader.begin());
}

/// True if y does not ask for a say in the sharding of an elementwise operation that reads it.
bool Graph::yields(std::int32_t y) const {
  const OpKind kind = nodes_[nodes_[y].leader].kind;
  return kind == OpKind::kBroadcast || kind == OpKind::kConstant || kind == OpKind::kReshape;
}

std::int32_t Graph::elementwise(OpKind kind, std::int32_t x, const Shape& shape,
                                std::vector<Operand> operands) {
  if (determines_leader(x)) return follow(kind, x, shape, nodes_[x].to_leader, std::move(operands));
  return lead(kind, shape, shape.rank, std::move(operands));
}

std::int32_t Graph::binary(OpKind kind, std::int32_t x, std::int32_t y) {
  const std::vector<Operand> operands{{x, kSameDims}, {y, kSameDims}};
  const Shape result = shape(x);
  if (determines_leader(x) && (same_sharding(x, y) || yields(y)))
    return follow(kind, x, result, nodes_[x].to_leader, operands);
  if (determines_leader(y) && yields(x))
    return follow(kind, y, result, nodes_[y].to_leader, operands);
  return lead(kind, result, result.rank, operands);
}

std::int32_t Graph::parameter(const Shape& shape, bool trained, bool persistent) {
  const std::int32_t node = lead(OpKind::kParameter, shape, shape.rank, {});
  nodes_[node].needs_gradient = trained;
  nodes_[node].persistent = persistent;
  return node;
}

std::int32_t Graph::constant() {
  return lead(OpKind::kConstant, Shape({}, 4), 0, {});
}

std::int32_t Graph::iota(const Shape& shape) {
  return lead(OpKind::kIota, shape, shape.rank, {});
}

std::int32_t Graph::unary(std::int32_t x) {
  return elementwise(OpKind::kUnary, x, shape(x), {{x, kSameDims}});
}

std::int32_t Graph::convert(std::int32_t x, std::int32_t element_bytes) {
  return elementwise(OpKind::kConvert, x, shape(x).with_element_bytes(element_bytes),
                     {{x, kSameDims}});
}

std::int32_t Graph::broadcast(std::int32_t x, const Shape& shape, const DimMap& dims) {
  return lead(OpKind::kBroadcast, shape, shape.rank, {{x, dims}});
}

std::int32_t Graph::scaled(std::int32_t x, std::int32_t scalar) {
  return multiply(x, broadcast(scalar, shape(x), kNoDims));
}

std::int32_t Graph::reduce(std::int32_t x, const DimMap& dims) {
  const Shape input = shape(x);
  const int rank = std::min<int>(input.rank, kMaxRank);
  Shape space;
  space.element_bytes = input.element_bytes;
  DimMap to_space = dims;
  for (int d = 0; d < rank; ++d) {
    if (dims[d] == kUnmapped) continue;
    space.dims[dims[d]] = input.dims[d];
    ++space.rank;
  }
  const int output_rank = space.rank;
  for (int d = 0; d < rank; ++d) {
    if (dims[d] != kUnmapped) continue;
    space.dims[space.rank] = input.dims[d];
    to_space[d] = static_cast<std::int8_t>(space.rank++);
  }
  if (!determines_leader(x)) return lead(OpKind::kReduce, space, output_rank, {{x, to_space}});
  DimMap to_leader = kNoDims;
  for (int d = 0; d < rank; ++d) to_leader[to_space[d]] = nodes_[x].to_leader[d];
  const std::int32_t node = follow(OpKind::kReduce, x, space, to_leader, {{x, to_space}});
  nodes_[node].output_rank = output_rank;
  return node;
}

std::int32_t Graph::reshape(std::int32_t x, const Shape& shape, const DimMap& dims) {
  return lead(OpKind::kReshape, shape, shape.rank, {{x, dims}});
}

std::int32_t Graph::transpose(std::int32_t x, const DimMap& dims) {
  const Shape input = shape(x);
  Shape result = input;
  for (int d = 0; d < input.rank; ++d) result.dims[dims[d]] = input.dims[d];
  if (!determines_leader(x)) return lead(OpKind::kTranspose, result, result.rank, {{x, dims}});
  DimMap to_leader = kNoDims;
  for (int d = 0; d < input.rank; ++d) to_leader[dims[d]] = nodes_[x].to_leader[d];
  return follow(OpKind::kTranspose, x, result, to_leader, {{x, dims}});
}

std::int32_t Graph::contract(OpKind kind, const Shape& space, int output_rank, const Operand& x,
                             const Operand& y) {
  return lead(kind, space, output_rank, {x, y});
}

std::int32_t Graph::update(std::int32_t x, std::int32_t delta, bool in_place) {
  const std::int32_t node =
      follow(OpKind::kAdd, x, shape(x), nodes_[x].to_leader, {{x, kSameDims}, {delta, kSameDims}});
  if (in_place) nodes_[node].buffer = nodes_[x].buffer;
  nodes_[node].is_result = true;
  return node;
}

std::int32_t Graph::alias(std::int32_t x) {
  const Shape result = shape(x);
  const std::int32_t node =
      follow(OpKind::kAlias, x, result, nodes_[x].to_leader, {{x, kSameDims}});
  nodes_[node].buffer = nodes_[x].buffer;
  return node;
}

}  // namespace warpshard::generator
