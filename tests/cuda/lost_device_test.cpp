// A GPU that is lost while a solve uses it. Of a program of its own, since the process cannot use
// the device any more.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include "host/device/backend.h"
#include "tests/cuda/fault.h"
#include "warpshard/evaluate.h"
#include "warpshard/generate.h"
#include "warpshard/solve.h"

namespace warpshard::testing {
namespace {

/// Large enough not to be solved before a device has begun.
Problem large_transformer() {
  GeneratorOptions options;
  options.target_nodes = 35'000;
  options.mesh = {16, 2};
  auto problem = generate(options);
  EXPECT_TRUE(problem.ok());
  return std::move(*problem);
}

TEST(CudaDevice, MayBeLostInTheMiddleOfASolve) {
  const DeviceList list = cuda_devices();
  if (list.devices.empty()) GTEST_SKIP() << list.absence;
  const Problem problem = large_transformer();
  SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = 120;
  options.device = "cuda:" + std::to_string(list.devices.front().number);
  std::atomic<bool> stop{false};
  bool broken = false;
  bool dropped = false;
  int plans_since = 0;
  std::string notes;
  const auto result = solve(problem, options, stop, [&](const Progress& progress) {
    notes += progress.note + "\n";
    if (!broken && progress.note.find(" chains on ") != std::string::npos) {
      broken = true;
      break_device();
    }
    dropped = dropped || progress.note.find("drops out") != std::string::npos;
    plans_since += dropped && progress.incumbent ? 1 : 0;
    if (plans_since > 1) stop = true;
  });
  EXPECT_TRUE(broken) << notes;
  EXPECT_TRUE(dropped) << notes;
  EXPECT_EQ(result.status, SolverStatus::kFeasible) << notes;
  const auto evaluation = evaluate(problem, result.plan);
  ASSERT_TRUE(evaluation.ok());
  EXPECT_TRUE(evaluation->within_limit);
}

}  // namespace
}  // namespace warpshard::testing
