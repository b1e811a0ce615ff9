// The parts of the contract that need no solver.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "host/cli/format.h"
#include "host/cli/live_line.h"
#include "host/cli/printer.h"
#include "host/cli/process_clock.h"
#include "host/cli/progress_log.h"
#include "host/cli/supervisor.h"
#include "tests/cli/program.h"

namespace warpshard::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const auto kNever = steady_clock::now() + std::chrono::hours(1);

/// Of a child process that cannot show what the test is about.
constexpr int kNotApplicable = 77;

/// Waits up to ten seconds for a condition.
template <typename Condition>
bool eventually(const Condition& condition) {
  for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(5));
  return condition();
}

TEST(Supervisor, FirstSignalStopsCooperatingWork) {
  std::atomic<int> abandoned{0};
  Supervisor supervisor(kNever, kNever, [&](const std::string&, bool) { ++abandoned; });
  supervisor.begin_cooperation();
  kill(getpid(), SIGTERM);
  EXPECT_TRUE(eventually([&] { return supervisor.stop().load(); }));
  EXPECT_TRUE(supervisor.conclude());
  EXPECT_EQ(abandoned, 0);
}

TEST(Supervisor, SecondSignalAbandons) {
  std::atomic<int> abandoned{0};
  Supervisor supervisor(kNever, kNever, [&](const std::string&, bool) { ++abandoned; });
  supervisor.begin_cooperation();
  kill(getpid(), SIGINT);
  EXPECT_TRUE(eventually([&] { return supervisor.stop().load(); }));
  kill(getpid(), SIGINT);
  EXPECT_TRUE(eventually([&] { return abandoned == 1; }));
  EXPECT_FALSE(supervisor.conclude());
}

TEST(Supervisor, SignalAbandonsWorkThatDoesNotCooperate) {
  std::atomic<int> abandoned{0};
  Supervisor supervisor(kNever, kNever, [&](const std::string&, bool) { ++abandoned; });
  kill(getpid(), SIGINT);
  EXPECT_TRUE(eventually([&] { return abandoned == 1; }));
}

TEST(Supervisor, TimeStopsAndThenAbandonsOnce) {
  std::atomic<int> abandoned{0};
  const auto start = steady_clock::now();
  Supervisor supervisor(start + milliseconds(50), start + milliseconds(100),
                        [&](const std::string&, bool) { ++abandoned; });
  supervisor.begin_cooperation();
  EXPECT_TRUE(eventually([&] { return abandoned == 1; }));
  EXPECT_TRUE(supervisor.stop());
  EXPECT_GE(steady_clock::now(), start + milliseconds(100));
  kill(getpid(), SIGTERM);
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(abandoned, 1);
}

TEST(Supervisor, ConcludedWorkIsNotAbandoned) {
  std::atomic<int> abandoned{0};
  Supervisor supervisor(kNever, kNever, [&](const std::string&, bool) { ++abandoned; });
  EXPECT_TRUE(supervisor.conclude());
  kill(getpid(), SIGTERM);
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(abandoned, 0);
}

class SupervisorDeathTest : public testing::Test {
 protected:
  SupervisorDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(SupervisorDeathTest, TerminateAbandonsAsADefect) {
  EXPECT_EXIT(
      {
        const Supervisor supervisor(kNever, kNever, [](const std::string& reason, bool is_defect) {
          std::fprintf(stderr, "reason: %s\n", reason.c_str());
          _exit(is_defect ? 7 : 8);
        });
        std::thread([] { throw std::runtime_error("broken"); }).join();
      },
      testing::ExitedWithCode(7), "reason: broken");
}

TEST_F(SupervisorDeathTest, TerminateWhileConcludingAborts) {
  EXPECT_EXIT(
      {
        Supervisor supervisor(kNever, kNever, [](const std::string&, bool) { _exit(8); });
        supervisor.conclude();
        std::terminate();
      },
      testing::KilledBySignal(SIGABRT), "");
}

bool can_start_a_thread() {
  try {
    std::thread([] {}).join();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

/// Without room for a thread's stack; the limits are those of the process that the test starts.
TEST_F(SupervisorDeathTest, SignalsStopTheWorkWhereNoThreadCanBeStarted) {
  if (test::kSlowdown > 1) GTEST_SKIP() << "sanitizers take address space of their own";
  rlimit stack{};
  rlimit space{};
  getrlimit(RLIMIT_STACK, &stack);
  getrlimit(RLIMIT_AS, &space);
  const rlimit large_stack{rlim_t{4} << 30, stack.rlim_max};
  const rlimit small_space{rlim_t{3} << 30, space.rlim_max};
  if (setrlimit(RLIMIT_STACK, &large_stack) != 0) GTEST_SKIP() << "stacks are limited";
  bool applies = true;
  EXPECT_EXIT(
      {
        if (setrlimit(RLIMIT_AS, &small_space) != 0 || can_start_a_thread()) _exit(kNotApplicable);
        Supervisor supervisor(kNever, kNever, [](const std::string&, bool) { _exit(8); });
        supervisor.begin_cooperation();
        kill(getpid(), SIGTERM);
        _exit(supervisor.stop() ? 7 : 9);
      },
      [&](int status) {
        applies = !testing::ExitedWithCode(kNotApplicable)(status);
        return !applies || testing::ExitedWithCode(7)(status);
      },
      "");
  setrlimit(RLIMIT_STACK, &stack);
  if (!applies) GTEST_SKIP() << "threads start whatever the limits";
}

TEST(ProcessClock, BeginsBeforeMain) {
  EXPECT_LT(process_start(), steady_clock::now());
  EXPECT_GE(seconds_since_start(), 0);
}

/// What was written to a temporary file so far, which is closed.
std::string contents_of(std::FILE* file) {
  std::rewind(file);
  std::string text(1000, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

TEST(Printer, EndsWithTheLastLine) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  Printer printer(LogLevel::kInfo, file);
  printer.info("shown");
  printer.debug("hidden");
  printer.finish("[0]");
  printer.info("too late");
  printer.finish("[1]");
  EXPECT_TRUE(printer.written());
  EXPECT_EQ(contents_of(file), "# shown\n[0]\n");
}

TEST(Printer, NoticesOutputThatCannotBeWritten) {
  std::FILE* full = std::fopen("/dev/full", "w");
  if (full == nullptr) GTEST_SKIP() << "this system has no /dev/full";
  Printer printer(LogLevel::kInfo, full);
  printer.finish("[0]");
  EXPECT_FALSE(printer.written());
  std::fclose(full);
}

TEST(ProgressLog, ThinsImprovementsAndKeepsMessages) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  Printer printer(LogLevel::kInfo, file);
  ProgressLog log(printer);
  const Cost dear{0, 9};
  const Cost cheap{0, 8};
  log.report({.seconds = 0, .incumbent = {}, .bound = {}, .source = "", .note = "message"});
  log.report(
      {.seconds = 0.1, .incumbent = Cost{0, 10}, .bound = {}, .source = "", .note = "first plan"});
  log.report({.seconds = 0.2, .incumbent = dear, .bound = {}, .source = "", .note = "too soon"});
  log.report({.seconds = 0.3, .incumbent = dear, .bound = {}, .source = "", .note = "message"});
  log.report({.seconds = 0.4,
              .incumbent = dear,
              .bound = Cost{0, 5},
              .source = "",
              .note = "first bound"});
  log.report({.seconds = 1.5,
              .incumbent = cheap,
              .bound = Cost{0, 5},
              .visits = 2'200'000,
              .source = "",
              .note = "late enough"});
  log.report({.seconds = 9.0, .incumbent = cheap, .bound = Cost{0, 5}, .source = "", .note = ""});
  EXPECT_EQ(
      contents_of(file),
      "#     0.0 s  message\n"
      "#      time                  cost                 bound        gap  visits/s  from\n"
      "#     0.1 s                    10                     -          -         -  first plan\n"
      "#     0.3 s  message\n"
      "#     0.4 s                     9                     5    80.000%         -  first bound\n"
      "#     1.5 s                     8                     5    60.000%     2.00M  late "
      "enough\n");
  EXPECT_EQ(log.standing().get(), "cost 8  gap 60.000%  2.00M visits/s");
}

TEST(Format, CostsAndGaps) {
  EXPECT_EQ(describe(Cost{0, 12}), "12");
  EXPECT_EQ(describe(Cost{1, 12}), "12 and 1 forbidden entry");
  EXPECT_EQ(describe(Cost{2, -3}), "-3 and 2 forbidden entries");
  EXPECT_EQ(describe_gap(Cost{0, 110}, Cost{0, 100}), "10.000%");
  EXPECT_EQ(describe_gap(Cost{0, -90}, Cost{0, -100}), "10.000%");
  EXPECT_EQ(describe_gap(Cost{1, 110}, Cost{0, 100}), "");
  EXPECT_EQ(describe_gap(Cost{0, 110}, Cost{0, 0}), "");
}

TEST(Format, Counts) {
  EXPECT_EQ(describe_count(0), "0");
  EXPECT_EQ(describe_count(999), "999");
  EXPECT_EQ(describe_count(999.6), "1.00k");
  EXPECT_EQ(describe_count(12'345), "12k");
  EXPECT_EQ(describe_count(1.25e6), "1.25M");
  EXPECT_EQ(describe_count(3e13), "30000G");
}

TEST(Format, RowsKeepToTheirColumns) {
  const std::string header = table_header();
  const Progress progress{.seconds = 1.25,
                          .incumbent = Cost{2, 110},
                          .bound = Cost{0, 100},
                          .source = "",
                          .note = "flip"};
  const std::string row = table_row(progress, 1e6);
  EXPECT_EQ(row.find("flip"), header.find("from"));
  EXPECT_NE(row.find(" 110 +2 forbidden  "), std::string::npos) << row;
}

TEST(Format, Bars) {
  EXPECT_EQ(progress_bar(0, 60), "[                    ]  0/60 s");
  EXPECT_EQ(progress_bar(30, 60), "[##########          ]  30/60 s");
  EXPECT_EQ(progress_bar(61, 60), "[####################]  61/60 s");
}

}  // namespace
}  // namespace warpshard::cli
