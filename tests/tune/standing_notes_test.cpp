#include "host/tune/standing_notes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/program.h"

namespace warpshard::tune {
namespace {

Standing standing() {
  Standing standing;
  standing.gap = 0.1;
  standing.seconds = 1.0 / 3;
  standing.recent_gain = 1e-9;
  return standing;
}

class StandingNotesTest : public ::testing::Test {
 protected:
  /// The one note there is.
  std::string note() const {
    return std::filesystem::directory_iterator(folder_.path("notes"))->path().string();
  }

  test::TemporaryFolder folder_;
  std::string file_ = folder_.write("a.json", "{}");
  StandingNotes notes_{folder_.path("notes")};
};

TEST_F(StandingNotesTest, AreReadAsTheyWereWritten) {
  EXPECT_FALSE(notes_.read(file_));
  notes_.write(file_, standing());
  const auto read = StandingNotes(folder_.path("notes")).read(file_);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->gap, 0.1);
  EXPECT_EQ(read->seconds, 1.0 / 3);
  EXPECT_EQ(read->recent_gain, 1e-9);
  EXPECT_FALSE(notes_.read(folder_.write("b.json", "{}")));
}

TEST_F(StandingNotesTest, AreOfTheFileAsItWas) {
  notes_.write(file_, standing());
  folder_.write("a.json", "{ }");
  EXPECT_FALSE(notes_.read(file_));
  notes_.write(file_, standing());
  EXPECT_TRUE(notes_.read(file_));
  std::filesystem::remove(file_);
  EXPECT_FALSE(notes_.read(file_));
}

TEST_F(StandingNotesTest, WhatIsNoNoteIsNone) {
  notes_.write(file_, standing());
  std::string good;
  std::getline(std::ifstream(note()), good);
  const std::string bad[] = {"",
                             "\n",
                             good,
                             good + " 1\n",
                             good.substr(0, good.size() - 1) + "x\n",
                             good.substr(0, good.rfind(' ')) + " nan\n",
                             good.substr(0, good.rfind(' ')) + " -1\n",
                             std::string(10'000, '1')};
  for (const std::string& text : bad) {
    std::ofstream(note()) << text;
    EXPECT_FALSE(notes_.read(file_)) << text.substr(0, 100);
  }
  std::ofstream(note()) << good << "\n";
  EXPECT_TRUE(notes_.read(file_));
}

TEST_F(StandingNotesTest, WhereNoneCanBeWrittenNobodyIsHeldUp) {
  const StandingNotes none("/proc/no/notes");
  none.write(file_, standing());
  EXPECT_FALSE(none.read(file_));
}

}  // namespace
}  // namespace warpshard::tune
