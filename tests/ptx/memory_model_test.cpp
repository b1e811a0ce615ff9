// Lines, banks, caches and times on traces worked out by hand.

#include <gtest/gtest.h>

#include <array>

#include "tests/ptx/cache.h"
#include "tests/ptx/coalescing.h"
#include "tests/ptx/device_layout.h"
#include "tests/ptx/machine_code.h"
#include "tests/ptx/multiprocessor.h"
#include "tests/ptx/snippet.h"
#include "tests/ptx/throughput_limit.h"

namespace warpshard::ptx {
namespace {

Row strided(std::uint64_t first, std::uint64_t stride) {
  Row row{};
  for (std::size_t lane = 0; lane < kLanes; ++lane) row[lane] = first + stride * lane;
  return row;
}

std::vector<LineSectors> lines_of(const Row& addresses, std::int64_t bytes,
                                  Lanes active = kAllLanes) {
  std::vector<LineSectors> lines;
  find_lines(addresses, bytes, active, lines);
  return lines;
}

TEST(Coalescing, NeighboursShareALine) {
  using Lines = std::vector<LineSectors>;
  EXPECT_EQ(lines_of(strided(256, 4), 4), (Lines{{2, 0xF}}));
  EXPECT_EQ(lines_of(strided(256, 4), 4, 0xFFU), (Lines{{2, 0x1}}));
  EXPECT_EQ(lines_of(strided(256 + 96, 4), 4), (Lines{{2, 0x8}, {3, 0x7}}));
  EXPECT_EQ(lines_of(strided(1024, 0), 8), (Lines{{8, 0x1}}));
  EXPECT_EQ(lines_of(strided(0, 128), 4).size(), 32U);
  EXPECT_EQ(lines_of(strided(124, 0), 8), (Lines{{0, 0x8}, {1, 0x1}})) << "across two lines";
}

TEST(Coalescing, BanksServeOneWordEach) {
  EXPECT_EQ(shared_passes(strided(0, 4), 4, kAllLanes), 1);
  EXPECT_EQ(shared_passes(strided(64, 0), 4, kAllLanes), 1) << "one word for all";
  EXPECT_EQ(shared_passes(strided(0, 8), 4, kAllLanes), 2);
  EXPECT_EQ(shared_passes(strided(0, 128), 4, kAllLanes), 32);
  EXPECT_EQ(shared_passes(strided(0, 128), 4, 0x7U), 3);
  EXPECT_EQ(atomic_shared_passes(strided(0, 4), kAllLanes), 1);
  EXPECT_EQ(atomic_shared_passes(strided(64, 0), 0x1FU), 5) << "one word for all";
  EXPECT_EQ(atomic_shared_passes(strided(0, 64), 0xFU), 2);
}

TEST(SectorCache, BringsInSectorsOneByOne) {
  SectorCache cache(16 * 128);
  EXPECT_EQ(cache.access({7, 0x3}, true), 0U);
  EXPECT_EQ(cache.access({7, 0x7}, true), 0x3U);
  EXPECT_EQ(cache.access({7, 0xF}, false), 0x7U);
  EXPECT_EQ(cache.access({7, 0xF}, true), 0x7U) << "the last access brought nothing in";
}

/// One set of two ways: a, b, a, c drives b out.
TEST(SectorCache, ReplacesWhatWasNotUsedForLongest) {
  SectorCache cache(2 * 128, /*ways=*/2);
  const LineSectors a{1, 1};
  const LineSectors b{2, 1};
  const LineSectors c{3, 1};
  for (const LineSectors& line : {a, b}) EXPECT_EQ(cache.access(line, true), 0U);
  EXPECT_EQ(cache.access(a, true), 1U);
  EXPECT_EQ(cache.access(c, true), 0U);
  EXPECT_EQ(cache.access(a, true), 1U);
  EXPECT_EQ(cache.access(b, true), 0U);
  EXPECT_EQ(cache.access({4, 1}, false), 0U) << "a store brings nothing in";
  EXPECT_EQ(cache.access(a, true), 1U);
}

/// A ring of lines that fits is found from the second round on.
TEST(SectorCache, HoldsARingThatFits) {
  SectorCache cache(256 * 128);
  int found = 0;
  for (int round = 0; round < 3; ++round)
    for (std::uint64_t line = 0; line < 64; ++line)
      found += cache.access({line, 1}, true) != 0 ? 1 : 0;
  EXPECT_EQ(found, 2 * 64);
}

TEST(ThroughputLimit, LetsSoMuchThroughPerCycle) {
  ThroughputLimit limit(2);
  EXPECT_EQ(limit.serve(0, 10), 0) << "there is room at once";
  // 64 fit into the first 32 cycles; 6 more take 3 of the next.
  EXPECT_EQ(limit.serve(5, 60), 35);
  EXPECT_EQ(limit.serve(1000, 1), 1000);
}

TEST(DeviceLayout, PlacesPiecesOneAfterTheOther) {
  const std::array<std::byte, 1000> memory{};
  const std::span all(memory);
  const DeviceLayout layout({{all.subspan(500, 300), true}, {all.subspan(0, 100), false}});
  const auto host = reinterpret_cast<std::uintptr_t>(memory.data());
  EXPECT_EQ(layout.find(host + 500).address, 256U);
  EXPECT_EQ(layout.find(host + 799).address, 256U + 299);
  EXPECT_TRUE(layout.find(host + 799).shared);
  EXPECT_EQ(layout.find(host + 7).address, 256U + 512 + 7);
  EXPECT_FALSE(layout.find(host + 7).shared);
  EXPECT_EQ(layout.find(host + 300).address, host + 300) << "outside";
  EXPECT_EQ(layout.shared_bytes(), 300);
}

const Architecture& h100() {
  return architectures()[1];
}

/// A grid's last warp's end, and the counts, of a fresh multiprocessor.
struct Timed {
  double cycles = 0;
  Counts counts;
};
Timed timed(const std::string& instructions, const GridShape& shape = {}) {
  const DeviceLayout layout;
  Multiprocessor multiprocessor(h100(), layout, 128 << 10);
  watch_snippet(snippet(instructions), shape, multiprocessor);
  double last = 0;
  for (const double time : multiprocessor.times()) last = std::max(last, time);
  return {last, multiprocessor.counts()};
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int k = 0; k < times; ++k) all += text;
  return all;
}

TEST(Multiprocessor, ChainsOfLoadsWaitForEachOther) {
  // A pointer to itself, read again and again, for longer than the first misses take.
  const std::string store = "st.global.u64 [%rd34], %rd34; mov.u64 %rd4, %rd34;";
  const std::string chained = "ld.global.u64 %rd4, [%rd4];";
  const std::string independent = "ld.global.u64 %rd5, [%rd34];";
  const auto extra = [&](const std::string& load, int count) {
    return timed(store + repeated(load, count) + "add.s64 %rd3, %rd4, %rd5;").cycles -
           timed(store + repeated(load, 30) + "add.s64 %rd3, %rd4, %rd5;").cycles;
  };
  EXPECT_NEAR(extra(chained, 40), 10.0 * h100().l1, 60);
  EXPECT_LT(extra(independent, 40), 2.0 * h100().l1);
}

TEST(Multiprocessor, CountsWhatItSees) {
  const Counts none = timed("").counts;
  const Counts some =
      timed(
          "ld.global.u64 %rd4, [%rd34]; ld.global.u64 %rd5, [%rd35];"
          "bar.warp.sync -1; mov.u32 %r4, 1; shfl.sync.bfly.b32 %r5, %r4, 1, 31, -1;")
          .counts -
      none;
  EXPECT_EQ(some.instructions, 5);
  EXPECT_EQ(some.loads, 2);
  EXPECT_EQ(some.missing_loads, 0) << "what was read before";
  EXPECT_GE(some.lines, 4) << "256 bytes each";
  EXPECT_LE(some.lines, 6);
  EXPECT_EQ(some.syncs, 1);
  EXPECT_EQ(some.exchanges, 1);
  EXPECT_EQ(none.missing_loads, 2);
  EXPECT_EQ(none.stores, 1);
}

/// Work that depends on nothing: one scheduler's warps take turns, others' run beside.
TEST(Multiprocessor, WarpsShareSchedulers) {
  std::string work;
  for (int k = 0; k < 1000; ++k) work += "add.s32 %r" + std::to_string(4 + k % 20) + ", %r1, 1;";
  const double one = timed(work).cycles;
  EXPECT_NEAR(timed(work, {1, 4 * 32, 0}).cycles, one, 200);
  EXPECT_NEAR(timed(work, {1, 16 * 32, 0}).cycles, 4 * one, one);
}

TEST(MachineCode, FoldsAddressesAndSplitsWideSums) {
  const Kernel plain = snippet("");
  const auto slots = [&](const std::string& instructions) {
    const Kernel kernel = snippet(instructions);
    float sum = 0;
    for (const float slot : issue_slots(kernel)) sum += slot;
    for (const float slot : issue_slots(plain)) sum -= slot;
    return sum;
  };
  EXPECT_NEAR(slots("add.s32 %r4, %r1, %r2;"), 1, 1e-4);
  EXPECT_NEAR(slots("add.s64 %rd4, %rd1, %rd2;"), 2, 1e-4);
  EXPECT_NEAR(slots("mul.wide.s32 %rd4, %r1, 4; add.s64 %rd5, %rd1, %rd4;"), 1, 1e-4);
  EXPECT_NEAR(slots("mul.wide.s32 %rd4, %r1, 4; add.s64 %rd5, %rd1, %rd4; add.s64 %rd6, %rd4, 1;"),
              5, 1e-4)
      << "the product is needed twice";
  EXPECT_NEAR(slots("div.s32 %r4, %r1, %r2;"), 20, 1e-4);
}

}  // namespace
}  // namespace warpshard::ptx
