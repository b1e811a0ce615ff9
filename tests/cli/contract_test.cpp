// What the contest demands of iopddl, on instances that it solves.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"
#include "warpshard/plan.h"

namespace warpshard::test {
namespace {

/// Seconds given to a run that has to end in time, and until it has to have ended.
constexpr int kLimit = 5 * kSlowdown;
constexpr int kLatestEnd = kLimit + 2 * kSlowdown;

/// Seconds for a run that ends by itself once its plan is proved to be the cheapest.
constexpr const char* kPlenty = "300";

/// The evaluator's verdict on what a program printed.
void expect_valid_plan(const TemporaryFolder& folder, const std::string& instance,
                       const Outcome& outcome) {
  const auto problem = load_problem(instance);
  ASSERT_TRUE(problem) << problem.error().message;
  const auto plan = load_plan(folder.write("printed", outcome.output));
  ASSERT_TRUE(plan) << plan.error().message;
  const auto evaluation = evaluate(*problem, *plan);
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  EXPECT_TRUE(evaluation->within_limit);
}

void expect_log_lines_before_last(const Outcome& outcome) {
  const auto lines = outcome.lines();
  ASSERT_FALSE(lines.empty());
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) EXPECT_TRUE(lines[i].starts_with("#"));
  EXPECT_EQ(outcome.output.back(), '\n');
}

TEST(Contract, LastLineIsTheCheapestPlanOfASmallInstance) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  const auto outcome = run_iopddl({instance, kPlenty});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.last_line(), "[0, 0, 2, 1, 0]");
  EXPECT_EQ(outcome.errors, "");
  expect_log_lines_before_last(outcome);
}

TEST(Contract, EndsInTimeWithAValidPlan) {
  const TemporaryFolder folder;
  const auto instance = write_grid_instance(folder);
  const auto outcome = run_iopddl({instance, std::to_string(kLimit)});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_LT(outcome.seconds, kLatestEnd);
  expect_log_lines_before_last(outcome);
  expect_valid_plan(folder, instance, outcome);
}

TEST(Contract, EveryInstanceEndsInTime) {
  const char* instances = std::getenv("WARPSHARD_INSTANCES");
  if (instances == nullptr) GTEST_SKIP() << "WARPSHARD_INSTANCES names no folder";
  const TemporaryFolder folder;
  for (const auto& entry : std::filesystem::directory_iterator(instances)) {
    const auto instance = entry.path().string();
    if (instance.find(".json") == std::string::npos) continue;
    SCOPED_TRACE(instance);
    const auto outcome = run_iopddl({instance, std::to_string(kLimit)});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_LT(outcome.seconds, kLatestEnd);
    expect_valid_plan(folder, instance, outcome);
  }
}

TEST(Contract, QuietPrintsThePlanOnly) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  const auto outcome = run_iopddl({instance, kPlenty, "--log-level", "quiet"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "[0, 0, 2, 1, 0]\n");
}

TEST(Contract, OptionsMayStandAnywhere) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  const auto outcome =
      run_iopddl({"--seed", "7", instance, "--threads=1", kPlenty, "--device", "cpu"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.last_line(), "[0, 0, 2, 1, 0]");
}

TEST(Contract, NoPlanWithinTheLimitGivesEmptyListAndStatusFive) {
  const TemporaryFolder folder;
  const auto instance = folder.write("infeasible.json", infeasible_instance());
  const auto outcome = run_iopddl({instance, kPlenty});
  EXPECT_EQ(outcome.status, 5);
  EXPECT_EQ(outcome.last_line(), "[]");
  expect_log_lines_before_last(outcome);
}

TEST(Contract, AbsentDeviceGivesOneLineAndStatusFour) {
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  // No machine has that many; without CUDA none has any.
  const auto outcome = run_iopddl({instance, kPlenty, "--device", "cuda:999"});
  EXPECT_EQ(outcome.status, 4);
  EXPECT_EQ(std::count(outcome.errors.begin(), outcome.errors.end(), '\n'), 1) << outcome.errors;
}

TEST(Contract, CudaWithoutAGpuIsNotReplacedInSilence) {
  if (std::filesystem::exists("/dev/nvidiactl")) GTEST_SKIP() << "this machine has a GPU";
  const TemporaryFolder folder;
  const auto instance = folder.write("small.json", small_instance());
  const auto outcome = run_iopddl({instance, kPlenty, "--device", "cuda"});
  EXPECT_EQ(outcome.status, 4);
}

}  // namespace
}  // namespace warpshard::test
