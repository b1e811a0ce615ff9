#include "host/generate/mesh.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace warpshard::generator {
namespace {

constexpr std::int64_t kMicrosecond = 1'000'000;  // picoseconds

/// 2 x 4 devices, 10 GB/s along the first axis and 20 GB/s along the second.
Mesh small_mesh() {
  Mesh mesh;
  mesh.axes = 2;
  mesh.size = {2, 4, 0};
  mesh.bandwidth = {10, 20, 0};
  mesh.latency = kMicrosecond;
  mesh.teraflops = 100;
  return mesh;
}

Sharding split(int first, int second) {
  return {static_cast<std::int8_t>(first), static_cast<std::int8_t>(second), kUnmapped};
}

TEST(Mesh, CountsDevicesAndPieces) {
  const Mesh mesh = small_mesh();
  EXPECT_EQ(mesh.devices(), 8);
  EXPECT_EQ(pieces(mesh, split(0, 0), 0), 8);
  EXPECT_EQ(pieces(mesh, split(0, 1), 0), 2);
  EXPECT_EQ(pieces(mesh, split(0, 1), 1), 4);
  EXPECT_EQ(pieces(mesh, split(0, 1), 2), 1);
}

TEST(Mesh, LocalBytesPadUnevenPieces) {
  const Mesh mesh = small_mesh();
  const Shape shape({10, 6}, 4);
  EXPECT_EQ(local_bytes(mesh, shape, split(kUnmapped, kUnmapped)), 240);
  EXPECT_EQ(local_bytes(mesh, shape, split(0, kUnmapped)), 5 * 6 * 4);
  EXPECT_EQ(local_bytes(mesh, shape, split(0, 1)), 5 * 2 * 4);  // 6 over 4: pieces of 2
  EXPECT_TRUE(divides_evenly(mesh, shape, split(0, kUnmapped)));
  EXPECT_FALSE(divides_evenly(mesh, shape, split(0, 1)));
}

TEST(Mesh, TensorsOfRankRHaveSquareOfRPlusOneShardings) {
  const Mesh mesh = small_mesh();
  EXPECT_EQ(shardings_of(mesh, Shape({}, 4), 0).size(), 1U);
  EXPECT_EQ(shardings_of(mesh, Shape({64}, 4), 1).size(), 4U);
  EXPECT_EQ(shardings_of(mesh, Shape({64, 64}, 4), 2).size(), 9U);
  EXPECT_EQ(shardings_of(mesh, Shape({64, 64, 64}, 4), 3).size(), 16U);
  EXPECT_EQ(shardings_of(mesh, Shape({64, 64, 64, 64}, 4), 4).size(), 25U);
}

TEST(Mesh, MatrixProductsHaveThreeMoreShardingsThanTheirResult) {
  const Mesh mesh = small_mesh();
  EXPECT_EQ(shardings_of(mesh, Shape({64, 64, 64}, 4), 2).size(), 12U);
  EXPECT_EQ(shardings_of(mesh, Shape({64, 64, 64, 64}, 4), 3).size(), 19U);
  EXPECT_EQ(shardings_of(mesh, Shape({64, 64, 64, 64, 64}, 4), 4).size(), 28U);
}

TEST(Mesh, SmallDimensionsAreNotCutTooOften) {
  const Mesh mesh = small_mesh();
  for (const Sharding& sharding : shardings_of(mesh, Shape({3, 64}, 4), 2))
    EXPECT_LE(pieces(mesh, sharding, 0), 3);
  EXPECT_EQ(shardings_of(mesh, Shape({1}, 4), 1).size(), 1U);
}

TEST(Mesh, ShardingsAreDistinctFinestFirstReplicatedLast) {
  const Mesh mesh = small_mesh();
  const Shape shape({64, 64, 64}, 1);
  const auto all = shardings_of(mesh, shape, 3);
  EXPECT_EQ(std::set<Sharding>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(all.back(), split(kUnmapped, kUnmapped));
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return local_bytes(mesh, shape, a) < local_bytes(mesh, shape, b);
  }));
}

TEST(Mesh, AxesOfOneDeviceOnlyReplicate) {
  Mesh mesh = small_mesh();
  mesh.size = {1, 1, 0};
  EXPECT_EQ(shardings_of(mesh, Shape({64, 64}, 4), 2).size(), 1U);
  EXPECT_EQ(all_reduce_time(mesh, 0, 1000), 0);
}

TEST(Mesh, AllReduceMovesTwiceAllButOnePiece) {
  const Mesh mesh = small_mesh();
  // 4000 bytes on 4 devices: 2 * 3000 bytes at 20 GB/s are 300 ns.
  EXPECT_EQ(all_reduce_time(mesh, 1, 4000), kMicrosecond + 300'000);
}

TEST(Mesh, ReshardingByHand) {
  const Mesh mesh = small_mesh();
  const Shape shape({80, 100}, 1);  // 8000 bytes
  const Sharding replicated = split(kUnmapped, kUnmapped);
  EXPECT_EQ(reshard_time(mesh, shape, split(0, 1), split(0, 1)), 0);
  EXPECT_EQ(reshard_time(mesh, shape, replicated, split(0, 1)), 0) << "slicing is free";
  // All-gather along the second axis: every device receives 6000 bytes at 20 GB/s.
  EXPECT_EQ(reshard_time(mesh, shape, split(kUnmapped, 0), replicated), kMicrosecond + 300'000);
  // All-to-all along the first: of 4000 bytes a device keeps half, 2000 bytes at 10 GB/s.
  EXPECT_EQ(reshard_time(mesh, shape, split(0, kUnmapped), split(1, kUnmapped)),
            kMicrosecond + 200'000);
  // Both axes gathered: first 1000 -> 2000 bytes (1000 at 10 GB/s), then to 8000 (6000 at 20).
  EXPECT_EQ(reshard_time(mesh, shape, split(0, 1), replicated),
            2 * kMicrosecond + 100'000 + 300'000);
}

}  // namespace
}  // namespace warpshard::generator
