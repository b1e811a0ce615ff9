// Signals at moments that nobody chose: before, while and after an instance is loaded, reduced and
// searched. SIGNAL_RUNS says how many.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <string>
#include <thread>

#include "tests/cli/instances.h"
#include "tests/cli/program.h"
#include "warpshard/evaluate.h"
#include "warpshard/load.h"
#include "warpshard/plan.h"

namespace warpshard::test {
namespace {

/// From signal to end: a second, and as much again for a machine that is busy.
constexpr std::chrono::seconds kPatience{2};

void expect_valid_plan(const Problem& problem, const std::string& printed) {
  const auto plan = load_plan(printed);
  ASSERT_TRUE(plan) << plan.error().message;
  const auto evaluation = evaluate(problem, *plan);
  ASSERT_TRUE(evaluation) << evaluation.error().message;
  EXPECT_TRUE(evaluation->within_limit);
}

TEST(RandomSignal, GivesAValidPlanOrTheEmptyListAtOnce) {
  const TemporaryFolder folder;
  const auto instance = write_grid_instance(folder);
  const auto problem = load_problem(instance);
  ASSERT_TRUE(problem) << problem.error().message;
  std::mt19937 random(5);
  for (int run = 0; run < SIGNAL_RUNS; ++run) {
    const bool with_plan = run % 2 == 0;
    const std::chrono::milliseconds moment(random() % (with_plan ? 500 : 100));
    SCOPED_TRACE("run " + std::to_string(run) + ", " + std::to_string(moment.count()) +
                 (with_plan ? " ms after the first plan" : " ms after the start"));
    Program program(IOPDDL_PROGRAM, {instance, "60", "--threads", "2"});
    if (with_plan) {
      ASSERT_TRUE(program.wait_for_output(kTableBegins));
    }
    std::this_thread::sleep_for(moment);
    const auto signalled = std::chrono::steady_clock::now();
    program.send(kEndingSignals[random() % kEndingSignals.size()]);
    const auto outcome = program.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - signalled, kPatience);
    const bool empty = outcome.last_line() == "[]";
    EXPECT_EQ(outcome.status, empty ? 3 : 0);
    EXPECT_FALSE(empty && with_plan);
    if (!empty) expect_valid_plan(*problem, folder.write("printed", outcome.output));
  }
}

}  // namespace
}  // namespace warpshard::test
