// What the reductions leave of instances, and how long they take on one core.
//
//   bench_reduce [--allow-forbidden] FILE...
//
// Prints for each instance the sizes before and after, and the best of five runs (create() and
// run(); loading the file does not count): elapsed time, and time of this process on its core,
// which another process on the same core does not add to.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

#include "host/reduce/reducer.h"
#include "warpshard/load.h"

namespace {

constexpr int kRepeats = 5;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double elapsed_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Variables that some edge touches.
int connected(const warpshard::Model& model) {
  std::vector<char> touched(model.num_variables(), 0);
  for (const auto& edge : model.edges) touched[edge.u] = touched[edge.v] = 1;
  return static_cast<int>(std::ranges::count(touched, 1));
}

bool measure(const std::string& path, const warpshard::ReducerOptions& options) {
  const auto problem = warpshard::load_problem(path);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return false;
  }
  double best_elapsed = 1e9;
  double best_cpu = 1e9;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const double start = elapsed_seconds();
    const double cpu_start = cpu_seconds();
    auto reducer = warpshard::Reducer::create(*problem, options);
    if (!reducer) {
      std::fprintf(stderr, "%s: %s\n", path.c_str(), reducer.error().message.c_str());
      return false;
    }
    const auto verdict = reducer->run();
    best_elapsed = std::min(best_elapsed, elapsed_seconds() - start);
    best_cpu = std::min(best_cpu, cpu_seconds() - cpu_start);
    if (repeat + 1 < kRepeats) continue;
    if (verdict != warpshard::ReductionVerdict::kOpen) {
      std::printf("%-40s no plan is left", problem->name.c_str());
    } else {
      const warpshard::Model model = reducer->model();
      const auto& load = reducer->steps().front();
      std::printf("%-28s nodes %6d -> %5d (%5d with edges)  edges %6lld -> %5zu",
                  problem->name.c_str(), problem->num_nodes(), model.num_variables(),
                  connected(model), static_cast<long long>(problem->num_edges()),
                  model.edges.size());
      std::printf("  values %6lld -> %6d  times %5lld -> %4d", static_cast<long long>(load.values),
                  model.value_offsets.back(), static_cast<long long>(load.times),
                  model.num_times());
    }
    std::printf("  %.3f s elapsed, %.3f s on the core\n", best_elapsed, best_cpu);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  warpshard::ReducerOptions options;
  bool fine = argc > 1;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--allow-forbidden") {
      options.allow_forbidden = true;
    } else {
      fine = measure(argv[i], options) && fine;
    }
  }
  return fine ? 0 : 1;
}
