// Readers that go away: the run goes on, and what could not be written is reported.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"

namespace warpshard::test {
namespace {

/// Long enough for a first plan, whose log line makes the reader leave.
const std::string kSeconds = std::to_string(3 * kSlowdown);

/// Runs a program whose output goes to a reader that leaves after the first line.
Outcome run_for_one_line(const TemporaryFolder& folder, const std::string& program,
                         const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"-c", R"(f=$1; shift; ("$@"; echo $? >"$f") | head -n 1)", "sh",
                                 folder.path("status"), program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto outcome = run_program("/bin/sh", words);
  outcome.status = std::stoi(read_file(folder.path("status")));
  return outcome;
}

TEST(ClosedPipe, PlanThatCannotBePrintedIsReported) {
  const TemporaryFolder folder;
  const auto outcome =
      run_for_one_line(folder, IOPDDL_PROGRAM, {write_grid_instance(folder), kSeconds});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "iopddl: cannot write standard output\n");
}

TEST(ClosedPipe, PlanStillGoesToItsFile) {
  const TemporaryFolder folder;
  const auto plan = folder.path("plan.txt");
  const auto instance = write_grid_instance(folder);
  const auto outcome =
      run_for_one_line(folder, WARPSHARD_PROGRAM, {"solve", instance, kSeconds, "--output", plan});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "warpshard: cannot write standard output\n");
  EXPECT_EQ(run_warpshard({"verify", instance, plan}).status, 0);
}

TEST(ClosedPipe, FullDiskIsReportedByOtherCommandsToo) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  const auto outcome = run_program(
      "/bin/sh", {"-c", R"(exec "$0" info "$1" >/dev/full)", WARPSHARD_PROGRAM, instance});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "warpshard: cannot write standard output\n");
}

}  // namespace
}  // namespace warpshard::test
