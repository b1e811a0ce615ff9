// Counted runs that are interrupted, and go on from the file they left.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

class CheckpointFile : public testing::Test {
 protected:
  std::vector<std::string> arguments(const std::string& work, const std::string& threads) const {
    return {
        "solve", grid_,    "300", "--work-limit", work,  "--threads",          threads, "--device",
        "cpu",   "--seed", "3",   "--checkpoint", file_, "--checkpoint-every", "0.05"};
  }

  TemporaryFolder folder_;
  std::string grid_ = write_grid_instance(folder_);
  std::string file_ = folder_.path("state");
};

TEST_F(CheckpointFile, InterruptedRunsEndWhereTheUnbrokenOneDoes) {
  const auto unbroken = run_warpshard({"solve", grid_, "300", "--work-limit", "400", "--seed", "3",
                                       "--device", "cpu", "--threads", "1"});
  ASSERT_EQ(unbroken.status, 0);
  for (const char* threads : {"1", "2"}) {
    Program program(WARPSHARD_PROGRAM, arguments("400", threads));
    program.wait_for_output(kTableBegins);
    program.send(SIGTERM);
    EXPECT_EQ(program.wait().status, 0);
  }
  const auto resumed = run_warpshard(arguments("400", "2"));
  EXPECT_EQ(resumed.last_line(), unbroken.last_line());
  EXPECT_TRUE(std::filesystem::exists(file_));
  // Nothing is left to do, and the plan is told once more.
  EXPECT_EQ(run_warpshard(arguments("400", "2")).last_line(), unbroken.last_line());
}

TEST_F(CheckpointFile, IsRefusedInOneLineAndKeptWhereItDoesNotFit) {
  const std::string text = "no checkpoint at all";
  folder_.write("state", text);
  const auto outcome = run_warpshard(arguments("10", "1"));
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1);
  EXPECT_NE(outcome.errors.find("checkpoint"), std::string::npos) << outcome.errors;
  EXPECT_EQ(read_file(file_), text);
  folder_.write("state", "");
  EXPECT_EQ(run_warpshard(arguments("10", "1")).status, 2);
}

TEST_F(CheckpointFile, NeedsAWorkLimit) {
  EXPECT_EQ(run_warpshard({"solve", grid_, "1", "--checkpoint", file_}).status, 64);
}

}  // namespace
}  // namespace warpshard::test
