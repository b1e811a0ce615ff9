// Runs that are ended from outside, or that cannot load their instance in time.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

/// An instance that never arrives: a pipe nobody writes to.
std::string make_pipe(const TemporaryFolder& folder) {
  const auto path = folder.path("pipe.json");
  EXPECT_EQ(mkfifo(path.c_str(), 0600), 0);
  return path;
}

/// Waits until a program reads from the pipe, which then stays open and empty; false after a long
/// while.
bool wait_for_reader(const std::string& pipe) {
  for (int i = 0; i < 3000 * kSlowdown; ++i) {
    if (open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC) >= 0) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

class Signal : public testing::TestWithParam<int> {};

TEST_P(Signal, WhileSearchingPrintsTheIncumbent) {
  const TemporaryFolder folder;
  Program program(IOPDDL_PROGRAM, {write_grid_instance(folder), "500"});
  ASSERT_TRUE(program.wait_for_output(kTableBegins));
  program.send(GetParam());
  const auto outcome = program.wait();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_LT(outcome.seconds, 400);
  EXPECT_TRUE(outcome.last_line().starts_with("[")) << outcome.last_line();
  EXPECT_NE(outcome.last_line(), "[]");
}

TEST_P(Signal, WhileLoadingPrintsTheEmptyList) {
  const TemporaryFolder folder;
  const auto pipe = make_pipe(folder);
  Program program(IOPDDL_PROGRAM, {pipe, "500"});
  ASSERT_TRUE(wait_for_reader(pipe));
  program.send(GetParam());
  const auto outcome = program.wait();
  EXPECT_EQ(outcome.status, 3);
  EXPECT_LT(outcome.seconds, 400);
  EXPECT_EQ(outcome.last_line(), "[]");
}

INSTANTIATE_TEST_SUITE_P(All, Signal, testing::ValuesIn(kEndingSignals), [](const auto& tested) {
  return std::string("SIG") + sigabbrev_np(tested.param);
});

TEST(Signal, ThatIsIgnoredEndsNothing) {
  const TemporaryFolder folder;
  const auto pipe = make_pipe(folder);
  Program program("/bin/sh", {"-c", R"(trap '' HUP; exec "$0" "$1" 500)", IOPDDL_PROGRAM, pipe});
  ASSERT_TRUE(wait_for_reader(pipe));
  program.send(SIGHUP);
  program.send(SIGTERM);
  const auto outcome = program.wait();
  EXPECT_NE(outcome.output.find("ended early: SIGTERM"), std::string::npos) << outcome.output;
}

TEST(TimeLimit, LoadingThatTakesTooLongEndsInTimeWithTheEmptyList) {
  const TemporaryFolder folder;
  const auto outcome = run_iopddl({make_pipe(folder), "1"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.last_line(), "[]");
  EXPECT_LT(outcome.seconds, 1 + 2 * kSlowdown);
}

}  // namespace
}  // namespace warpshard::test
