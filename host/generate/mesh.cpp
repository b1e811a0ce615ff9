#include "host/generate/mesh.h"

#include <algorithm>

namespace warpshard::generator {
namespace {

/// Bytes over GB/s is nanoseconds; costs count picoseconds.
constexpr std::int64_t kPicosecondsPerNanosecond = 1000;

std::int64_t transfer_time(std::int64_t bytes, std::int64_t bandwidth) {
  return bytes * kPicosecondsPerNanosecond / bandwidth;
}

/// The share (size - 1) / size of `bytes` that leaves a device in a collective along an axis.
std::int64_t moved(std::int64_t bytes, std::int64_t size) {
  return bytes / size * (size - 1);
}

bool fits(const Mesh& mesh, const Shape& space, const Sharding& sharding) {
  for (int d = 0; d < space.rank; ++d)
    if (pieces(mesh, sharding, d) > std::max<std::int64_t>(space.dims[d], 1)) return false;
  return true;
}

/// Pieces the result (dimensions below `output_rank`) is cut into.
std::int64_t output_pieces(const Mesh& mesh, const Sharding& sharding, int output_rank) {
  std::int64_t product = 1;
  for (int a = 0; a < mesh.axes; ++a)
    if (sharding[a] != kUnmapped && sharding[a] < output_rank) product *= mesh.size[a];
  return product;
}

/// True if an axis idles although the result is sharded and the axis could split a sum.
bool wastes_axis(const Mesh& mesh, const Shape& space, const Sharding& sharding, int output_rank) {
  if (output_pieces(mesh, sharding, output_rank) == 1) return false;
  for (int a = 0; a < mesh.axes; ++a) {
    if (sharding[a] != kUnmapped) continue;
    for (int d = output_rank; d < space.rank; ++d)
      if (space.dims[d] >= mesh.size[a] * pieces(mesh, sharding, d)) return true;
  }
  return false;
}

}  // namespace

std::int64_t Mesh::devices() const {
  std::int64_t product = 1;
  for (int a = 0; a < axes; ++a) product *= size[a];
  return product;
}

std::int64_t pieces(const Mesh& mesh, const Sharding& sharding, int dim) {
  std::int64_t product = 1;
  for (int a = 0; a < mesh.axes; ++a)
    if (sharding[a] == dim) product *= mesh.size[a];
  return product;
}

std::int64_t local_bytes(const Mesh& mesh, const Shape& shape, const Sharding& sharding) {
  std::int64_t bytes = shape.element_bytes;
  for (int d = 0; d < shape.rank; ++d) {
    const std::int64_t parts = pieces(mesh, sharding, d);
    bytes *= (shape.dims[d] + parts - 1) / parts;
  }
  return bytes;
}

std::vector<Sharding> shardings_of(const Mesh& mesh, const Shape& space, int output_rank) {
  std::vector<Sharding> all;
  const int choices = space.rank + 1;
  int combinations = 1;
  for (int a = 0; a < mesh.axes; ++a) combinations *= choices;
  for (int code = 0; code < combinations; ++code) {
    Sharding sharding{kUnmapped, kUnmapped, kUnmapped};
    int rest = code;
    bool redundant = false;
    for (int a = 0; a < mesh.axes; ++a, rest /= choices) {
      const int choice = rest % choices;
      sharding[a] = choice == space.rank ? kUnmapped : static_cast<std::int8_t>(choice);
      // An axis of one device splits nothing; it only idles.
      redundant |= mesh.size[a] == 1 && sharding[a] != kUnmapped;
    }
    if (redundant || !fits(mesh, space, sharding)) continue;
    if (!wastes_axis(mesh, space, sharding, output_rank)) all.push_back(sharding);
  }
  std::stable_sort(all.begin(), all.end(), [&](const Sharding& a, const Sharding& b) {
    return output_pieces(mesh, a, output_rank) > output_pieces(mesh, b, output_rank);
  });
  return all;
}

bool divides_evenly(const Mesh& mesh, const Shape& space, const Sharding& sharding) {
  for (int d = 0; d < space.rank; ++d)
    if (space.dims[d] % pieces(mesh, sharding, d) != 0) return false;
  return true;
}

std::int64_t all_reduce_time(const Mesh& mesh, int axis, std::int64_t bytes) {
  if (mesh.size[axis] == 1) return 0;
  return mesh.latency + transfer_time(2 * moved(bytes, mesh.size[axis]), mesh.bandwidth[axis]);
}

std::int64_t reshard_time(const Mesh& mesh, const Shape& shape, const Sharding& from,
                          const Sharding& to) {
  std::int64_t held = shape.bytes();
  for (int a = 0; a < mesh.axes; ++a)
    if (from[a] != kUnmapped || to[a] != kUnmapped) held /= mesh.size[a];
  std::int64_t time = 0;
  for (int a = 0; a < mesh.axes; ++a) {
    if (from[a] == kUnmapped || to[a] == kUnmapped || from[a] == to[a]) continue;
    time += mesh.latency + transfer_time(moved(held, mesh.size[a]), mesh.bandwidth[a]);
  }
  for (int a = 0; a < mesh.axes; ++a) {
    if (from[a] == kUnmapped || to[a] != kUnmapped) continue;
    held *= mesh.size[a];
    time += mesh.latency + transfer_time(moved(held, mesh.size[a]), mesh.bandwidth[a]);
  }
  return time;
}

}  // namespace warpshard::generator
