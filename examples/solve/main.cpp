// Solves an instance with the library: solve FILE SECONDS. Prints every better plan's cost as it is
// found, stops at the first plan within a percent of the bound, and ends with the plan.

#include <warpshard/load.h>
#include <warpshard/plan.h>
#include <warpshard/solve.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: solve FILE SECONDS\n");
    return 64;
  }
  const auto problem = warpshard::load_problem(argv[1]);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return 2;
  }

  warpshard::SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  options.deadline_seconds = std::atof(argv[2]);

  std::atomic<bool> close_enough{false};
  warpshard::SolverCallbacks callbacks;
  callbacks.on_incumbent = [](const warpshard::Plan&, const warpshard::Evaluation& evaluation) {
    std::printf("cost %s\n", warpshard::to_string(evaluation.cost.total()).c_str());
  };
  callbacks.on_progress = [&](const warpshard::Progress& progress) {
    if (!progress.incumbent || !progress.bound) return;
    const auto gap = warpshard::relative_gap(*progress.incumbent, *progress.bound);
    if (gap && *gap <= 0.01) close_enough = true;
  };
  callbacks.should_stop = [&] { return close_enough.load(); };

  const auto result = warpshard::solve(*problem, options, callbacks);
  if (result.plan.empty()) {
    std::fprintf(stderr, "%s\n", result.message.c_str());
    return result.status == warpshard::SolverStatus::kInfeasible ? 5 : 3;
  }
  std::printf("%s\n", warpshard::format_plan(result.plan).c_str());
  return 0;
}
