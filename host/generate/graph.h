#pragma once

#include <cstdint>
#include <vector>

#include "host/generate/shape.h"
#include "warpshard/coupling.h"

namespace warpshard::generator {

/// What an operation computes; decides its cost and its derivative.
enum class OpKind : std::uint8_t {
  kParameter,  ///< an input of the training step
  kConstant,   ///< a scalar
  kIota,       ///< counters, the seed of random bits
  kUnary,      ///< elementwise, not linear
  kConvert,    ///< elementwise, linear: change of type or sign
  kAdd,        ///< elementwise
  kMultiply,   ///< elementwise; also select and divide
  kBroadcast,  ///< repeats along new dimensions
  kReduce,     ///< sums over dimensions
  kReshape,    ///< splits or merges dimensions, slices, concatenates
  kTranspose,  ///< permutes dimensions
  kEinsum,     ///< matrix multiplication
  kGather,     ///< embedding lookup; the vocabulary counts as a summed dimension
  kAlias,      ///< tuple element: another name for an existing buffer
};

/// A tensor an operation reads.
struct Operand {
  std::int32_t node = -1;
  DimMap dims = kNoDims;  ///< operand dimension -> dimension of the reader's index space
};

/// An operation and its result.
///
/// Its index space is the result's dimensions followed by those summed over. Its strategies are its
/// leader's: shardings of the leader's index space, which `to_leader` translates. A node that leads
/// has `leader` == itself and the identity there.
struct Node {
  OpKind kind = OpKind::kParameter;
  bool persistent = false;       ///< lives during the whole step
  bool is_result = false;        ///< lives until the end of the step
  bool needs_gradient = false;   ///< depends on a trained parameter
  std::int32_t output_rank = 0;  ///< the first dimensions of `space`
  Shape space;                   ///< index space; element_bytes are the result's
  std::int32_t leader = -1;
  DimMap to_leader = kSameDims;  ///< own dimension -> leader's dimension
  std::int32_t tie = -1;         ///< node whose strategy must be the same; -1: none
  std::int32_t buffer = -1;      ///< node whose memory holds the result
  std::vector<Operand> operands;

  Shape shape() const {
    Shape result = space;
    result.rank = output_rank;
    for (int d = output_rank; d < kMaxRank; ++d) result.dims[d] = 0;
    return result;
  }
};

/// A computation in program order: operands come before their readers.
class Graph {
 public:
  explicit Graph(Coupling coupling) : coupling_(coupling) {}

  Coupling coupling() const { return coupling_; }
  std::int32_t size() const { return static_cast<std::int32_t>(nodes_.size()); }
  const Node& operator[](std::int32_t node) const { return nodes_[node]; }
  const std::vector<Node>& nodes() const { return nodes_; }
  Shape shape(std::int32_t node) const { return nodes_[node].shape(); }

  std::int32_t parameter(const Shape& shape, bool trained, bool persistent);
  std::int32_t constant();
  std::int32_t iota(const Shape& shape);
  std::int32_t unary(std::int32_t x);
  std::int32_t convert(std::int32_t x, std::int32_t element_bytes);
  std::int32_t add(std::int32_t x, std::int32_t y) { return binary(OpKind::kAdd, x, y); }
  std::int32_t multiply(std::int32_t x, std::int32_t y) { return binary(OpKind::kMultiply, x, y); }
  /// `dims`: dimension of x -> dimension of `shape`.
  std::int32_t broadcast(std::int32_t x, const Shape& shape, const DimMap& dims);
  /// x times a scalar that is broadcast first.
  std::int32_t scaled(std::int32_t x, std::int32_t scalar);
  /// `dims`: dimension of x -> dimension of the result, kUnmapped where summed.
  std::int32_t reduce(std::int32_t x, const DimMap& dims);
  /// `dims`: dimension of x -> dimension of `shape` that a split of it survives in.
  std::int32_t reshape(std::int32_t x, const Shape& shape, const DimMap& dims);
  /// `dims`: dimension of x -> dimension of the result; a permutation.
  std::int32_t transpose(std::int32_t x, const DimMap& dims);
  /// Sum of products over the dimensions of `space` from `output_rank` on; x_dims and y_dims map
  /// the operands' dimensions to `space`.
  std::int32_t contract(OpKind kind, const Shape& space, int output_rank, const Operand& x,
                        const Operand& y);
  /// The new value of parameter x; ties to x. In place, it lives in x's buffer.
  std::int32_t update(std::int32_t x, std::int32_t delta, bool in_place);
  std::int32_t alias(std::int32_t x);

 private:
  std::int32_t lead(OpKind kind, const Shape& space, int output_rank,
                    std::vector<Operand> operands);
  /// A node of the same extent as x that follows x's leader.
  std::int32_t follow(OpKind kind, std::int32_t x, const Shape& space, const DimMap& to_leader,
                      std::vector<Operand> operands);
  std::int32_t elementwise(OpKind kind, std::int32_t x, const Shape& shape,
                           std::vector<Operand> operands);
  std::int32_t binary(OpKind kind, std::int32_t x, std::int32_t y);
  std::int32_t append(Node node);
  bool determines_leader(std::int32_t x) const;
  bool same_sharding(std::int32_t x, std::int32_t y) const;
  bool yields(std::int32_t y) const;

  Coupling coupling_;
  std::vector<Node> nodes_;
};

/// The inverse of a partial injective map.
DimMap inverse(const DimMap& dims);

}  // namespace warpshard::generator
