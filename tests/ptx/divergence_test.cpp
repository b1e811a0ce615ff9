// How lanes part and meet again.

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <stdexcept>

#include "tests/ptx/lane_places.h"
#include "tests/ptx/snippet.h"

namespace warpshard::ptx {
namespace {

constexpr Lanes kLow = 0x0000FFFFU;

/// Lanes that carried out each instruction, by mnemonic: how often, and how many in all.
class LaneCounter : public Monitor {
 public:
  struct Tally {
    int issues = 0;
    int lanes = 0;
  };
  void begin(const Kernel& kernel, std::int32_t /*warps*/) override { kernel_ = &kernel; }
  void issue(const Issue& issue) override {
    Tally& tally = tallies_[kernel_->code[static_cast<std::size_t>(issue.at)].mnemonic];
    ++tally.issues;
    tally.lanes += std::popcount(issue.active);
  }
  Tally of(const std::string& mnemonic) { return tallies_[mnemonic]; }

 private:
  const Kernel* kernel_ = nullptr;
  std::map<std::string, Tally> tallies_;
};

TEST(LanePlaces, ThoseBehindGoFirst) {
  LanePlaces places;
  places.move(kAllLanes, 5);
  places.branch(places.next(), kLow, 9);
  EXPECT_EQ(places.next().at, 6);
  EXPECT_EQ(places.next().lanes, ~kLow);
  places.move(~kLow, 9);
  EXPECT_EQ(places.next().at, 9);
  EXPECT_EQ(places.next().lanes, kAllLanes) << "all are together again";
}

TEST(LanePlaces, MeetingsWaitForThoseWhoAreNamed) {
  LanePlaces places;
  places.branch({0, kAllLanes}, kLow, 4);
  EXPECT_EQ(places.meet({1, ~kLow}, kAllLanes), 0U);
  EXPECT_EQ(places.next().at, 4);
  EXPECT_EQ(places.next().lanes, kLow);
  EXPECT_EQ(places.meet({4, kLow}, kLow), kLow) << "the others are not named";
  places.move(kLow, 1);
  EXPECT_EQ(places.meet({1, kLow}, kAllLanes), kAllLanes);
}

TEST(LanePlaces, NobodyWaitsForLanesThatHaveEnded) {
  LanePlaces places;
  places.branch({0, kAllLanes}, kLow, 4);
  EXPECT_EQ(places.meet({1, ~kLow}, kAllLanes), 0U);
  places.end(kLow);
  EXPECT_EQ(places.next().at, 1);
  EXPECT_EQ(places.meet(places.next(), kAllLanes), ~kLow);
}

TEST(LanePlaces, DifferentMeetingsAreAFault) {
  LanePlaces places;
  places.branch({0, kAllLanes}, kLow, 4);
  EXPECT_EQ(places.meet({1, ~kLow}, kAllLanes), 0U);
  EXPECT_EQ(places.meet({4, kLow}, kAllLanes), 0U);
  EXPECT_THROW(places.next(), std::runtime_error);
}

/// Each lane goes round as often as its number says; they meet behind the loop.
TEST(Divergence, LoopsOfDifferentLengthMeetBehind) {
  const Kernel kernel = snippet(R"(
    mov.u32 %r4, 0;
    mov.u32 %r5, 0;
$LOOP:
    setp.ge.u32 %p1, %r4, %r32;
    @%p1 bra $DONE;
    add.u32 %r5, %r5, %r4;
    add.s32 %r4, %r4, 1;
    bra $LOOP;
$DONE:
    cvt.u64.u32 %rd3, %r5;
    popc.b32 %r6, %r5;)");
  const auto results = run_snippet(kernel, {});
  for (std::uint64_t lane = 0; lane < kLanes; ++lane)
    EXPECT_EQ(results[lane], lane * (lane - 1) / 2) << lane;
  LaneCounter counter;
  watch_snippet(kernel, {}, counter);
  EXPECT_EQ(counter.of("add.u32").issues, 31);
  EXPECT_EQ(counter.of("add.u32").lanes, 31 * 32 / 2);
  EXPECT_EQ(counter.of("popc.b32").issues, 1) << "all lanes at once";
}

TEST(Divergence, BothSidesOfABranchThenAllTogether) {
  const Kernel kernel = snippet(R"(
    and.b32 %r4, %r32, 1;
    setp.eq.s32 %p1, %r4, 0;
    @%p1 bra $EVEN;
    mov.u64 %rd3, 100;
    min.u32 %r6, %r4, 5;
    bra $JOIN;
$EVEN:
    mov.u64 %rd3, 200;
    max.u32 %r6, %r4, 5;
$JOIN:
    @!%p1 add.s64 %rd3, %rd3, 1;
    popc.b32 %r7, %r6;)");
  const auto results = run_snippet(kernel, {});
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    EXPECT_EQ(results[lane], lane % 2 == 0 ? 200U : 101U);
  LaneCounter counter;
  watch_snippet(kernel, {}, counter);
  EXPECT_EQ(counter.of("min.u32").lanes, 16);
  EXPECT_EQ(counter.of("max.u32").lanes, 16);
  EXPECT_EQ(counter.of("popc.b32").issues, 1);
}

TEST(Divergence, LanesMayReturnEarly) {
  const auto results = run_snippet(snippet("setp.lt.u32 %p1, %r32, 10; @%p1 ret; mov.u64 %rd3, 7;"
                                           "bar.warp.sync -1;"),
                                   {});
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    EXPECT_EQ(results[lane], lane < 10 ? 0xABABABABABABABABU : 7U);
}

/// A sync on one way lets those lanes wait for the ones that went the other way.
TEST(Divergence, SyncsBringLanesTogether) {
  const Kernel kernel = snippet(R"(
    setp.lt.u32 %p1, %r32, 7;
    @%p1 bra $FEW;
    bra $SYNC;
$FEW:
    add.s64 %rd4, %rd1, 1;
    bra $SYNC;
$SYNC:
    bar.warp.sync -1;
    popc.b32 %r4, %r1;)");
  LaneCounter counter;
  watch_snippet(kernel, {}, counter);
  EXPECT_EQ(counter.of("popc.b32").issues, 1);
  EXPECT_EQ(counter.of("popc.b32").lanes, kLanes);
}

TEST(Divergence, SyncsAtDifferentPlacesAreAFault) {
  const Kernel kernel = snippet(R"(
    setp.lt.u32 %p1, %r32, 7;
    @%p1 bra $FEW;
    bar.warp.sync -1;
    bra $END;
$FEW:
    bar.warp.sync -1;
$END:
    mov.u64 %rd3, 1;)");
  EXPECT_THROW(run_snippet(kernel, {}), std::runtime_error);
}

}  // namespace
}  // namespace warpshard::ptx
