#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "warpshard/solve.h"

namespace warpshard::testing {

/// For searches on two threads of the CPU that counted work ends and no clock decides.
inline SolverOptions counted(std::int64_t work_limit) {
  SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = 600;
  options.threads = 2;
  options.device = "cpu";
  options.work_limit = work_limit;
  return options;
}

/// solve() that nobody stops or listens to.
inline SolverResult solve_quietly(const Problem& problem, const SolverOptions& options) {
  const std::atomic<bool> never{false};
  return solve(problem, options, never, {});
}

}  // namespace warpshard::testing
