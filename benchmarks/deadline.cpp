// How long solve() and load_problem() take to end once they should: no supervisor, the library
// alone.
//
//   bench_deadline [--runs N] [--threads N] FILE...
//
// Three distributions of seconds too late, each over N runs per deadline (0.05, 0.1, 0.2, 0.5, 1, 2
// and 5 s) or random moment: solve() after its deadline, solve() after a stop flag was set, and
// load_problem() after one. Runs that end by themselves before that do not count. Prints the
// median, the 90th percentile and the worst, per file and kind.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "warpshard/load.h"
#include "warpshard/solve.h"

namespace {

using namespace warpshard;
using Clock = std::chrono::steady_clock;

constexpr double kDeadlines[] = {0.05, 0.1, 0.2, 0.5, 1, 2, 5};
/// Stops come at random moments up to this, seconds.
constexpr double kLatestStop = 3;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Seconds too late, of runs that had to be ended.
class Delays {
 public:
  void add(double seconds) {
    if (seconds >= 0) seconds_.push_back(seconds);
  }

  void print(const std::string& file, const char* kind) {
    std::ranges::sort(seconds_);
    std::printf("%-28s %-16s %4zu", file.c_str(), kind, seconds_.size());
    for (const double share : {0.5, 0.9, 1.0}) {
      if (seconds_.empty()) break;
      const auto rank = static_cast<std::size_t>(share * static_cast<double>(seconds_.size()));
      std::printf(" %8.1f", 1e3 * seconds_[std::min(rank, seconds_.size() - 1)]);
    }
    std::puts("");
    std::fflush(stdout);
  }

 private:
  std::vector<double> seconds_;
};

/// Runs `work` and sets the flag that it watches after a while: seconds from there to its end.
double seconds_after_stop(double after, const std::function<void(const std::atomic<bool>&)>& work) {
  std::atomic<bool> stop{false};
  Clock::time_point stopped;
  std::atomic<bool> ended{false};
  std::thread stopper([&] {
    const auto start = Clock::now();
    while (!ended && seconds_since(start) < after)
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    stopped = Clock::now();
    stop = true;
  });
  work(stop);
  const bool early = !stop;
  const auto end = Clock::now();
  ended = true;
  stopper.join();
  return early ? -1 : std::chrono::duration<double>(end - stopped).count();
}

void measure(const std::string& path, int runs, int threads) {
  const std::string file = std::filesystem::path(path).filename().string();
  const auto problem = load_problem(path);
  if (!problem) {
    std::fprintf(stderr, "bench_deadline: %s\n", problem.error().message.c_str());
    return;
  }
  SolverOptions options;
  options.threads = threads;
  std::mt19937_64 random(1);

  Delays deadlines;
  for (const double deadline : kDeadlines) {
    for (int run = 0; run < runs; ++run) {
      options.seed = static_cast<std::uint64_t>(run) + 1;
      options.deadline_seconds = deadline;
      options.start = Clock::now();
      static_cast<void>(solve(*problem, options, std::atomic<bool>{false}, {}));
      deadlines.add(seconds_since(options.start) - deadline);
    }
  }
  deadlines.print(file, "deadline");

  Delays stops;
  options.deadline_seconds = 600;
  std::uniform_real_distribution<double> moment(0, kLatestStop);
  for (int run = 0; run < 3 * runs; ++run) {
    options.start = Clock::now();
    stops.add(seconds_after_stop(moment(random), [&](const std::atomic<bool>& stop) {
      static_cast<void>(solve(*problem, options, stop, {}));
    }));
  }
  stops.print(file, "stop");

  Delays loads;
  const auto start = Clock::now();
  static_cast<void>(load_problem(path));
  std::uniform_real_distribution<double> early(0, seconds_since(start));
  for (int run = 0; run < 3 * runs; ++run) {
    loads.add(seconds_after_stop(early(random), [&](const std::atomic<bool>& stop) {
      LoadOptions loading;
      loading.stop = &stop;
      static_cast<void>(load_problem(path, loading));
    }));
  }
  loads.print(file, "stop of load");
}

}  // namespace

int main(int argc, char** argv) {
  int runs = 3;
  int threads = 0;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--runs" && i + 1 < argc) {
      runs = std::atoi(argv[++i]);
    } else if (argument == "--threads" && i + 1 < argc) {
      threads = std::atoi(argv[++i]);
    } else {
      paths.push_back(argument);
    }
  }
  std::printf("%-28s %-16s %4s %8s %8s %8s\n", "file", "ended by", "runs", "median", "90%",
              "worst ms");
  for (const auto& path : paths) measure(path, runs, threads);
  return 0;
}
