#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

#include "warpshard/builder.h"
#include "warpshard/generate.h"
#include "warpshard/problem.h"
#include "warpshard/solve.h"
#include "warpshard/warpshard.h"

// What is behind the handles of the C interface.

struct warpshard_builder {
  warpshard::ProblemBuilder builder;
};

struct warpshard_problem {
  warpshard::Problem problem;
};

struct warpshard_generator {
  warpshard::GeneratorOptions options;
};

struct warpshard_stop {
  std::atomic<bool> requested{false};
};

struct warpshard_options {
  warpshard_options() { solver.deadline_seconds = 10; }

  warpshard::SolverOptions solver;
  const warpshard_stop* stop = nullptr;
  warpshard_on_progress on_progress = nullptr;
  void* progress_user = nullptr;
  warpshard_on_incumbent on_incumbent = nullptr;
  void* incumbent_user = nullptr;
  warpshard_should_stop should_stop = nullptr;
  void* stop_user = nullptr;
  warpshard_on_checkpoint on_checkpoint = nullptr;
  void* checkpoint_user = nullptr;
  std::vector<std::byte> checkpoint;
};

struct warpshard_result {
  warpshard::SolverResult result;
};
