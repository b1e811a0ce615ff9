// How cost grows with size: loading, reducing, the first plan, memory, and moves per second.
//
//   bench_scale FILE...
//
// Each part runs in a process of its own, whose memory starts at nothing. Times are those of the
// process on its core, which other work on a busy machine does not add to. Prints a row of a table
// per file:
//   size       of the file
//   load       load_problem(): seconds, and size over seconds; from the page cache if the file was
//              read just before (it is, once)
//   reduce     the exact reductions, seconds
//   first      from the start of loading to the first plan of solve() on one thread, seconds
//   peaks      memory (ru_maxrss) of loading, of reducing after it, and of ten seconds of search
//   visits/s   of variables by the search's mixture of moves on one core
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>

#include "host/model/flat_model.h"
#include "host/reduce/reducer.h"
#include "host/search/throughput.h"
#include "warpshard/load.h"
#include "warpshard/solve.h"

namespace {

using namespace warpshard;

/// What a process reports back, in memory that it shares with its parent.
struct Report {
  std::int64_t nodes = 0, edges = 0;
  std::int64_t variables = 0, reduced_edges = 0, times = 0;
  double visits_per_second = 0;
};

/// What a part took.
struct Spent {
  double seconds = 0;    ///< on the core
  double megabytes = 0;  ///< at its peak
  bool ok = false;
};

Spent in_a_process(const std::function<bool()>& part) {
  const pid_t child = fork();
  if (child == 0) _exit(part() ? 0 : 1);
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return {};
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime),
          static_cast<double>(usage.ru_maxrss) * 1024 * 1e-6, status == 0};
}

bool load(const std::string& path, Report& report) {
  const auto problem = load_problem(path);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return false;
  }
  report.nodes = problem->num_nodes();
  report.edges = problem->num_edges();
  return true;
}

/// Loads and reduces; `then` gets what is left.
bool reduce(const std::string& path, const std::function<void(const Model&)>& then) {
  const auto problem = load_problem(path);
  if (!problem) return false;
  auto reducer = Reducer::create(*problem, {});
  if (!reducer || reducer->run() != ReductionVerdict::kOpen) return false;
  then(reducer->model());
  return true;
}

void measure_moves(const Model& model, Report& report) {
  constexpr double kSeconds = 4;
  report.variables = model.num_variables();
  report.reduced_edges = static_cast<std::int64_t>(model.edges.size());
  report.times = model.num_times();
  const FlatModel flat(model);
  const ThroughputBench bench(flat, /*seed=*/1, kSeconds);
  if (!bench.has_moves()) return;
  const Throughput moves = bench.on_cpu(move_kinds().back(), 1, kSeconds);
  report.visits_per_second = moves.visits_per_second() / moves.cpu_share;
}

bool search(const std::string& path, double seconds, bool first_only) {
  SolverOptions options;
  options.start = std::chrono::steady_clock::now();
  const auto problem = load_problem(path);
  if (!problem) return false;
  options.deadline_seconds = seconds;
  options.device = "cpu";
  options.threads = first_only ? 1 : 0;
  std::atomic<bool> found{false};
  SolverCallbacks callbacks;
  callbacks.on_incumbent = [&](const Plan&, const Evaluation&) {
    found = true;
    if (first_only) _exit(0);  // nothing after this moment counts
  };
  solve(*problem, options, callbacks);
  return found;
}

bool measure(const std::string& path, Report& report) {
  constexpr double kPatience = 600;
  constexpr double kSearchSeconds = 10;
  if (!in_a_process([&] { return load(path, report); }).ok) return false;
  const Spent loading = in_a_process([&] { return load(path, report); });
  const Spent reducing = in_a_process([&] { return reduce(path, [](const Model&) {}); });
  in_a_process(
      [&] { return reduce(path, [&](const Model& model) { measure_moves(model, report); }); });
  const Spent first = in_a_process([&] { return search(path, kPatience, true); });
  const Spent searching =
      in_a_process([&] { return search(path, first.seconds * 4 + kSearchSeconds, false); });
  const auto size = static_cast<double>(std::filesystem::file_size(path));
  const double reduce_seconds = std::max(0.0, reducing.seconds - loading.seconds);
  std::printf("| %lld | %lld | %.1f MB | %.2f s | %.2f GB/s | %.2f s | %lld | %lld | %lld |",
              static_cast<long long>(report.nodes), static_cast<long long>(report.edges),
              size * 1e-6, loading.seconds, size * 1e-9 / loading.seconds, reduce_seconds,
              static_cast<long long>(report.variables),
              static_cast<long long>(report.reduced_edges), static_cast<long long>(report.times));
  std::printf(" %.2f s | %.0f MB | %.0f MB | %.0f MB | %.2f million |\n", first.seconds,
              loading.megabytes, reducing.megabytes, searching.megabytes,
              report.visits_per_second * 1e-6);
  std::fflush(stdout);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  auto* report = static_cast<Report*>(
      mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  std::printf(
      "| nodes | edges | file | load | rate | reduce | variables | edges | times | first "
      "plan | peak: load | reduce | search | visits/s |\n");
  std::printf("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  bool fine = argc > 1;
  for (int i = 1; i < argc; ++i) {
    *report = {};
    fine = measure(argv[i], *report) && fine;
  }
  return fine ? 0 : 1;
}
