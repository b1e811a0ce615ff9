#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "host/generate/shape.h"

namespace warpshard::generator {

/// Most axes a device mesh may have.
inline constexpr int kMaxAxes = 3;

/// A rectangular arrangement of devices and what moving data between them costs.
struct Mesh {
  int axes = 0;
  std::array<std::int64_t, kMaxAxes> size{};       ///< devices along each axis
  std::array<std::int64_t, kMaxAxes> bandwidth{};  ///< GB/s a device moves along each axis
  std::int64_t latency = 0;                        ///< picoseconds per collective
  std::int64_t teraflops = 1;                      ///< of one device

  std::int64_t devices() const;
};

/// Which dimension each mesh axis splits: axis -> dimension, kUnmapped where the axis replicates.
/// Two axes may split the same dimension.
using Sharding = std::array<std::int8_t, kMaxAxes>;

/// Number of pieces `sharding` cuts dimension `dim` into.
std::int64_t pieces(const Mesh& mesh, const Sharding& sharding, int dim);

/// Bytes one device holds of a tensor; a dimension that does not divide is padded.
std::int64_t local_bytes(const Mesh& mesh, const Shape& shape, const Sharding& sharding);

/// Every sharding of an index space worth a strategy, the ones that cut the output finest first.
///
/// Dimensions [0, output_rank) of `space` index the result, the others are summed over. Left out
/// are shardings that cut a dimension into more pieces than it has entries, and those that leave an
/// axis idle while the result is sharded and that axis could split a summed dimension. The last
/// one replicates everything; it is always there.
std::vector<Sharding> shardings_of(const Mesh& mesh, const Shape& space, int output_rank);

/// False where a dimension is cut into pieces of different size.
bool divides_evenly(const Mesh& mesh, const Shape& space, const Sharding& sharding);

/// Picoseconds to sum partial results of `bytes` per device along `axis` (ring all-reduce).
std::int64_t all_reduce_time(const Mesh& mesh, int axis, std::int64_t bytes);

/// Picoseconds to bring a tensor from one sharding to another: slices (free), then all-to-alls
/// (an axis moves to another dimension), then all-gathers (an axis stops splitting).
std::int64_t reshard_time(const Mesh& mesh, const Shape& shape, const Sharding& from,
                          const Sharding& to);

}  // namespace warpshard::generator
