#include "host/tune/roster.h"

#include <gtest/gtest.h>

#include "tests/cli/program.h"

namespace warpshard::tune {
namespace {

SliceResult slice_result(double gap, double spent, double gain = 0) {
  SliceResult result;
  result.gap = gap;
  result.spent = spent;
  result.gain = gain;
  result.seconds = 1;
  result.attempts = 1;
  result.settled = gap == 0;
  return result;
}

class RosterTest : public ::testing::Test {
 protected:
  Roster roster(const TunerOptions& options = {}, const std::string& leases = "") {
    return Roster({{small_, 1}, {large_, 1}}, options, leases);
  }

  test::TemporaryFolder folder_;
  std::string small_ = folder_.write("small.json", std::string(10, ' '));
  std::string large_ = folder_.write("large.json", std::string(40'000'000, ' '));
};

TEST_F(RosterTest, BeginsWithSmallOnesAndGoesOnWhereItGainsMost) {
  Roster tuned = roster();
  EXPECT_EQ(tuned.next(), 0);
  EXPECT_EQ(tuned.begin(0, 1)->file, small_);
  EXPECT_EQ(tuned.next(), 1);
  EXPECT_EQ(tuned.begin(1, 1)->file, large_);
  EXPECT_FALSE(tuned.next());
  tuned.end(0, slice_result(0.1, 2));
  tuned.end(1, slice_result(0.1, 1));
  EXPECT_EQ(tuned.next(), 1);
  tuned.begin(1, 1);
  tuned.end(1, slice_result(0, 2));
  EXPECT_EQ(tuned.next(), 0);
  EXPECT_FALSE(tuned.all_settled());
  tuned.begin(0, 1);
  tuned.end(0, slice_result(0, 3));
  EXPECT_FALSE(tuned.next());
  EXPECT_TRUE(tuned.finished(true));
}

TEST_F(RosterTest, LargeOnesAndTheLastOnesAreWide) {
  Roster tuned = roster();
  EXPECT_EQ(tuned.width_of(0, 2), 1);
  EXPECT_EQ(tuned.width_of(1, 2), 2);
  EXPECT_EQ(tuned.width_of(1, 1), 1);
  EXPECT_EQ(tuned.width_of(0, 8), 4);
  tuned.begin(1, 1);
  tuned.end(1, slice_result(0, 1));
  EXPECT_EQ(tuned.width_of(0, 8), 8);
}

TEST_F(RosterTest, ALostSliceIsDoneAgainButNotForEver) {
  Roster tuned = roster();
  tuned.begin(1, 1);
  tuned.lose(1, "a node died");
  tuned.begin(1, 1);
  tuned.end(1, slice_result(0, 1));
  int losses = 0;
  for (; tuned.next() == 0; ++losses) {
    tuned.begin(0, 1);
    tuned.lose(0, "out of memory");
  }
  EXPECT_GT(losses, 1);
  EXPECT_LT(losses, 100);
  EXPECT_NE(tuned.instances()[0].error.find("out of memory"), std::string::npos);
  EXPECT_TRUE(tuned.all_settled());
}

TEST_F(RosterTest, CountedSlicesEndAtTheirNumberAndNeedNoTime) {
  TunerOptions options;
  options.seconds = 1e-3;
  EXPECT_TRUE(roster(options).time_is_up());
  options.work_limit = 5;
  options.slices = 2;
  Roster tuned = roster(options);
  EXPECT_FALSE(tuned.time_is_up());
  SliceResult result = slice_result(0.1, 1);
  for (result.attempts = 1; result.attempts <= 2; ++result.attempts) {
    ASSERT_EQ(tuned.next(), result.attempts == 1 ? 0 : 1) << "the one without a slice comes first";
    tuned.begin(*tuned.next(), 1);
    tuned.end(result.attempts == 1 ? 0 : 1, result);
  }
  EXPECT_EQ(tuned.next(), 0);
  tuned.begin(0, 1);
  tuned.end(0, result);
  EXPECT_FALSE(tuned.next());
  EXPECT_TRUE(tuned.finished(false));
  EXPECT_FALSE(tuned.finished(true));
}

TEST_F(RosterTest, ItIsFinishedWhenItsTimeIsOverWhateverTheGap) {
  TunerOptions options;
  options.seconds = 1e-3;
  options.gap = 0.01;
  EXPECT_TRUE(roster(options).time_is_up());
  EXPECT_TRUE(roster(options).finished(false));
  EXPECT_FALSE(roster(options).finished(true));
  options.seconds = 0;
  EXPECT_FALSE(roster(options).finished(false));
}

TEST_F(RosterTest, CountedSlicesEndThoughTheStoreTakesNoRecord) {
  TunerOptions options;
  options.work_limit = 5;
  options.slices = 2;
  Roster tuned({{small_, 1}}, options, "");
  SliceResult unwritten = slice_result(0.1, 0);
  unwritten.attempts = 0;
  for (int slice = 0; slice < 2; ++slice) {
    ASSERT_EQ(tuned.next(), 0);
    tuned.begin(0, 1);
    tuned.end(0, unwritten);
  }
  EXPECT_FALSE(tuned.next());
}

TEST_F(RosterTest, WhatAnotherHasTakenComesLast) {
  const std::string leases = folder_.path("leases");
  Roster one = roster({}, leases);
  Roster two = roster({}, leases);
  one.begin(0, 1);
  EXPECT_EQ(two.next(), 1);
  two.begin(1, 1);
  EXPECT_EQ(two.next(), 0) << "rather than nothing";
  one.end(0, slice_result(0.1, 1));
  two.end(1, slice_result(0.1, 1));
  EXPECT_EQ(two.next(), 0);
}

TEST_F(RosterTest, WhatAnotherTakesInTheSameMomentIsLeftToIt) {
  const std::string leases = folder_.path("leases");
  Roster one = roster({}, leases);
  Roster two = roster({}, leases);
  EXPECT_EQ(one.next(), 0);
  EXPECT_EQ(two.next(), 0);
  EXPECT_TRUE(one.begin(0, 1));
  EXPECT_FALSE(two.begin(0, 1));
  EXPECT_EQ(two.next(), 1);
  EXPECT_TRUE(two.begin(1, 1));
  EXPECT_EQ(two.next(), 0);
  const auto both = two.begin(0, 1);
  ASSERT_TRUE(both) << "rather than nothing";
  EXPECT_NE(both->seed, TunerOptions().seed) << "but with another search";
}

TEST_F(RosterTest, WhatOthersDidIsNotDoneAgain) {
  const std::string leases = folder_.path("leases");
  Roster one = roster({}, leases);
  Roster two = roster({}, leases);
  one.begin(0, 1);
  one.end(0, slice_result(0.1, 2));
  EXPECT_EQ(two.next(), 1) << "nobody has had that one";
  one.begin(1, 1);
  one.end(1, slice_result(0.01, 2));
  EXPECT_EQ(two.next(), 0) << "which has the wider gap";
  two.begin(0, 1);
  two.end(0, slice_result(0, 3));
  EXPECT_EQ(one.next(), 1);
  one.begin(1, 1);
  one.end(1, slice_result(0, 3));
  EXPECT_EQ(two.next(), 1) << "to verify that it is settled";
  EXPECT_FALSE(two.all_settled());
  two.begin(1, 1);
  two.end(1, slice_result(0, 3));
  EXPECT_TRUE(two.all_settled());
}

TEST_F(RosterTest, ANewStartGoesOnWhereTheLastOneWas) {
  const std::string leases = folder_.path("leases");
  TunerOptions content;
  content.gap = 0.05;
  {
    Roster before = roster(content, leases);
    before.begin(0, 1);
    before.end(0, slice_result(0.04, 2));
    before.begin(1, 1);
    before.end(1, slice_result(0.06, 200));
  }
  EXPECT_EQ(roster(content, leases).next(), 1) << "the other one is good enough";
  EXPECT_EQ(roster({}, leases).next(), 0);
}

TEST_F(RosterTest, ShortTimeMakesFirstSlicesShort) {
  const auto first_slice = [&](double seconds, int threads) {
    TunerOptions options;
    options.seconds = seconds;
    options.threads = threads;
    return roster(options).begin(0, 1)->length.first;
  };
  EXPECT_EQ(first_slice(0, 1), 2);
  EXPECT_EQ(first_slice(4, 1), 2);
  EXPECT_EQ(first_slice(3, 1), 0.75);
  EXPECT_EQ(first_slice(3, 2), 2);
  EXPECT_EQ(first_slice(0.1, 1), 0.5);
}

}  // namespace
}  // namespace warpshard::tune
