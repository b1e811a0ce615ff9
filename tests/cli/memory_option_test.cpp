// --memory: what does not fit is refused with figures, what is scarce is shared out.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

void expect_refusal(const Outcome& outcome, const std::string& what) {
  EXPECT_EQ(outcome.status, 2) << outcome.errors;
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
  EXPECT_NE(outcome.errors.find(what), std::string::npos) << outcome.errors;
}

/// An instance of 100,000 equal nodes without edges: 5 MB, of which gzip leaves little.
std::string write_long_instance(const TemporaryFolder& folder) {
  const auto list_of = [](const std::string& item) {
    std::string text = "[" + item;
    for (int i = 1; i < 100'000; ++i) text += "," + item;
    return text + "]";
  };
  return folder.write("long.json", R"({"problem":{"nodes":{"intervals":)" + list_of("[0,9]") +
                                       R"(,"costs":)" + list_of("[10,11,12]") + R"(,"usages":)" +
                                       list_of("[5,6,7]") +
                                       R"(},"edges":{"nodes":[],"costs":[]}}})");
}

TEST(Memory, InstanceThatDoesNotFitIsRefusedWhileItIsRead) {
  const TemporaryFolder folder;
  const auto instance = write_long_instance(folder);
  expect_refusal(run_iopddl({instance, "60", "--memory", "4M"}),
                 "needs more than the 4.2 MB of memory that are allowed (for ");
  const auto packed = folder.path("long.json.gz");
  ASSERT_EQ(run_warpshard({"convert", instance, packed}).status, 0);
  expect_refusal(run_warpshard({"solve", packed, "60", "--memory", "4M"}), "of memory");
  expect_refusal(run_warpshard({"bound", packed, "60", "--memory", "4M"}), "of memory");
}

TEST(Memory, PipeThatDoesNotFitIsRefusedToo) {
  const TemporaryFolder folder;
  const auto instance = write_long_instance(folder);
  const auto outcome = run_program(
      "/bin/sh", {"-c", R"(cat "$1" | "$0" /dev/stdin 60 --memory 4M)", IOPDDL_PROGRAM, instance});
  expect_refusal(outcome, "needs more than the 4.2 MB of memory that are allowed\n");
}

TEST(Memory, InstanceThatCannotBeReducedIsRefusedWithBothFigures) {
  const TemporaryFolder folder;
  const auto instance = write_long_instance(folder);
  for (const char* command : {"solve", "bound"})
    expect_refusal(run_warpshard({command, instance, "60", "--memory", "40M"}),
                   "reducing the instance needs about ");
}

/// The plan that was known by then is not lost.
TEST(Memory, RefusalComesWithThePlanInHand) {
  const TemporaryFolder folder;
  const auto instance = write_long_instance(folder);
  for (const bool contest : {true, false}) {
    const std::vector<std::string> run = {instance, "60", "--memory", "40M"};
    const auto outcome = contest ? run_iopddl(run) : run_warpshard([&] {
      std::vector<std::string> words = {"solve"};
      words.insert(words.end(), run.begin(), run.end());
      return words;
    }());
    expect_refusal(outcome, "reducing the instance needs about ");
    const auto plan = outcome.output.rfind("\n[");
    ASSERT_NE(plan, std::string::npos) << outcome.output.substr(0, 1000);
    EXPECT_EQ(std::count(outcome.output.begin() + static_cast<std::ptrdiff_t>(plan),
                         outcome.output.end(), ','),
              99'999);
  }
}

TEST(Memory, ThreadsGiveWay) {
  if (kSlowdown > 1) GTEST_SKIP() << "sanitizers take memory of their own";
  const TemporaryFolder folder;
  const auto grid = write_grid_instance(folder);
  constexpr std::int64_t kAllowed = 96 << 20;
  const auto outcome = run_warpshard({"solve", grid, "3", "--threads", "64", "--memory", "96M",
                                      "--output", folder.path("plan.txt")});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("of 64 threads"), std::string::npos) << outcome.output;
  EXPECT_LT(outcome.peak_memory, kAllowed) << outcome.output;
}

TEST(Memory, WhatIsNoNumberOfBytesIsRefused) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  for (const char* text : {"0", "-1G", "G", "8GG", "8 G", "8iB", "8GBB", "8i", "1e30", "0x10",
                           "many", "inf", "nan", ""})
    EXPECT_EQ(run_iopddl({instance, "2", "--memory", text}).status, 64) << text;
  for (const char* text : {"1G", "1.5G", "100000K", "1000000000", "1e9", "1GB", "1GiB", "1gb",
                           "1.5e3MB", "500000000B"})
    EXPECT_EQ(run_iopddl({instance, "60", "--memory", text}).status, 0) << text;
}

}  // namespace
}  // namespace warpshard::test
