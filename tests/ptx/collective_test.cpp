// What lanes and warps do together.

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "tests/ptx/collectives.h"
#include "tests/ptx/snippet.h"

namespace warpshard::ptx {
namespace {

/// 100 + lane.
Row numbered() {
  Row row{};
  for (std::size_t lane = 0; lane < kLanes; ++lane) row[lane] = 100 + lane;
  return row;
}

Row same(std::uint64_t bits) {
  Row row;
  row.fill(bits);
  return row;
}

TEST(Shuffle, ButterflyExchangesPairs) {
  Row to{};
  Row found{};
  shuffle(Shuffle::kButterfly, numbered(), same(5), same(31), kAllLanes, to, &found);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    EXPECT_EQ(to[lane], 100 + (lane ^ 5U));
    EXPECT_EQ(found[lane], 1U);
  }
}

TEST(Shuffle, UpAndDownKeepWhatHasNoSource) {
  Row to{};
  Row down{};
  Row found{};
  shuffle(Shuffle::kUp, numbered(), same(3), same(0), kAllLanes, to, &found);
  shuffle(Shuffle::kDown, numbered(), same(3), same(31), kAllLanes, down, nullptr);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    EXPECT_EQ(to[lane], lane < 3 ? 100 + lane : 97 + lane);
    EXPECT_EQ(found[lane], lane < 3 ? 0U : 1U);
    EXPECT_EQ(down[lane], lane < 29 ? 103 + lane : 100 + lane);
  }
}

/// Width 8: CUDA passes (32 - width) << 8, and 31 where the limit is the last lane.
TEST(Shuffle, SegmentsStayAmongThemselves) {
  Row to{};
  shuffle(Shuffle::kUp, numbered(), same(6), same(24 << 8), kAllLanes, to, nullptr);
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    EXPECT_EQ(to[lane], 100 + lane - (lane % 8 < 6 ? 0 : 6));
  shuffle(Shuffle::kButterfly, numbered(), same(12), same(24 << 8 | 31), kAllLanes, to, nullptr);
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    EXPECT_EQ(to[lane], 100 + ((lane ^ 12) / 8 <= lane / 8 ? lane ^ 12 : lane));
}

TEST(Shuffle, ALaneThatTakesNoPartCannotBeRead) {
  Row to{};
  EXPECT_THROW(
      shuffle(Shuffle::kButterfly, numbered(), same(1), same(31), 0x55555555U, to, nullptr),
      std::runtime_error);
}

TEST(Collective, BallotsAndReductions) {
  Row to{};
  Row flags{};
  flags[3] = flags[30] = 1;
  ballot(flags, kAllLanes, to);
  EXPECT_EQ(to[0], 1U << 3 | 1U << 30);
  ballot(flags, 0xFFFFU, to);
  EXPECT_EQ(to[0], 1U << 3);
  EXPECT_EQ(to[20], 1U << 3 | 1U << 30) << "not written: it took no part";
  Row values = numbered();
  values[9] = static_cast<std::uint32_t>(-4);
  reduce_min(/*with_sign=*/true, values, kAllLanes, to);
  EXPECT_EQ(to[0], static_cast<std::uint32_t>(-4));
  reduce_min(/*with_sign=*/false, values, kAllLanes, to);
  EXPECT_EQ(to[0], 100U);
}

TEST(Collective, InstructionsReachThem) {
  const Kernel kernel = snippet(R"(
    mov.u32 %r4, %laneid;
    shfl.sync.bfly.b32 %r5|%p1, %r4, 1, 31, -1;
    setp.lt.u32 %p2, %r5, 4;
    vote.sync.ballot.b32 %r6, %p2, -1;
    redux.sync.min.u32 %r7, %r5, -1;
    mov.b64 %rd3, {%r6, %r7};)");
  for (const std::uint64_t result : run_snippet(kernel, {})) EXPECT_EQ(result, 15U);
}

TEST(Block, BarriersOrderSharedMemoryAmongWarps) {
  // Thread t writes t and reads what thread 127 - t wrote, in another warp.
  const Kernel kernel = snippet(R"(
    mov.u32 %r4, cells;
    shl.b32 %r5, %r32, 2;
    add.s32 %r6, %r4, %r5;
    st.shared.u32 [%r6], %r32;
    bar.sync 0;
    sub.s32 %r7, 508, %r5;
    add.s32 %r7, %r4, %r7;
    ld.shared.u32 %r8, [%r7];
    cvt.u64.u32 %rd3, %r8;)",
                                ".shared .align 4 .b8 cells[512];");
  const auto results = run_snippet(kernel, {2, 128, 0});
  for (std::size_t thread = 0; thread < results.size(); ++thread)
    EXPECT_EQ(results[thread], 127 - thread % 128);
}

TEST(Block, ABarrierThatAWarpLeavesOutOpensWhenItEnds) {
  EXPECT_NO_THROW(run_snippet(
      snippet("setp.ge.u32 %p1, %r32, 32; @%p1 bra $END; bar.sync 0;\n$END:\nmov.u64 %rd3, 1;"),
      {1, 64, 0}));
}

TEST(Memory, LocalMemoryIsALanesOwn) {
  const Kernel kernel = snippet(R"(
    mov.u64 %rd4, depot;
    cvta.local.u64 %rd5, %rd4;
    st.u32 [%rd5+4], %r32;
    ld.local.s32 %rd3, [%rd4+4];)",
                                ".local .align 8 .b8 depot[16];");
  const auto results = run_snippet(kernel, {});
  for (std::size_t lane = 0; lane < kLanes; ++lane) EXPECT_EQ(results[lane], lane);
}

TEST(Memory, DynamicSharedMemoryFollowsTheStatic) {
  const Kernel kernel = snippet(R"(
    mov.u32 %r4, more;
    cvt.u64.u32 %rd4, %r4;
    cvta.shared.u64 %rd5, %rd4;
    shl.b32 %r5, %r32, 3;
    cvt.u64.u32 %rd6, %r5;
    add.s64 %rd7, %rd5, %rd6;
    st.u64 [%rd7], %rd7;
    ld.u64 %rd8, [%rd7];
    sub.s64 %rd9, %rd8, %rd5;
    add.s64 %rd3, %rd9, %rd4;)",
                                ".shared .align 4 .b8 some[20];\n.extern .shared .b8 more[];");
  const auto results = run_snippet(kernel, {1, 32, 256});
  for (std::size_t lane = 0; lane < kLanes; ++lane) EXPECT_EQ(results[lane], 32 + 8 * lane);
}

TEST(Memory, LoadsExtendByTheirSign) {
  const std::string store = "mov.u64 %rd4, depot; st.local.u32 [%rd4], %r1; ";
  const auto loaded = [&](const std::string& load) {
    return run_snippet(snippet(store + load, ".local .align 8 .b8 depot[16];"), {},
                       std::vector<std::uint64_t>(kLanes, 0x8000FFFEU))
        .front();
  };
  EXPECT_EQ(loaded("ld.local.s32 %rd3, [%rd4];"), 0xFFFFFFFF8000FFFEU);
  EXPECT_EQ(loaded("ld.local.u32 %rd3, [%rd4];"), 0x8000FFFEU);
  EXPECT_EQ(loaded("ld.local.s16 %r4, [%rd4]; cvt.u64.u32 %rd3, %r4;"), 0xFFFFFFFEU);
  EXPECT_EQ(loaded("ld.local.v2.u16 {%rs4, %rs5}, [%rd4]; cvt.u64.u16 %rd3, %rs5;"), 0x8000U);
}

TEST(Memory, AtomicsOfAllLanesAddUp) {
  const Kernel kernel = snippet(R"(
    mov.u64 %rd5, 3;
    atom.global.add.u64 %rd3, [%rd30], %rd5;)");
  auto results = run_snippet(kernel, {});
  // Lane 0's entry was the sum before its own result went there; all saw different ones.
  std::ranges::sort(results);
  EXPECT_EQ(std::ranges::unique(results).size(), 0U);
  for (std::size_t k = 0; k < results.size(); ++k)
    EXPECT_EQ(results[k], 0xABABABABABABABABU + 3 * k);
}

TEST(Memory, WildAccessesAreRefused) {
  EXPECT_THROW(run_snippet(snippet("ld.shared.u32 %r4, [%rd1];"), {}), std::runtime_error);
  EXPECT_THROW(run_snippet(snippet("ld.local.u32 %r4, [%rd1];"), {}), std::runtime_error);
  EXPECT_THROW(run_snippet(snippet("ld.global.u32 %r4, [%rd30+2];"), {}), std::runtime_error);
}

}  // namespace
}  // namespace warpshard::ptx
