// Prints what dives find over time: dive_progress FILE SECONDS [FIRST_ROUNDS [ROUNDS SHARE NOISE]].
// Without ROUNDS, dives take turns, each slower than the one before.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "host/bound/dive.h"
#include "host/bound/dual_ascent.h"
#include "host/bound/partial_ascent.h"
#include "host/reduce/reducer.h"
#include "warpshard/load.h"

namespace {

using namespace warpshard;

/// CPU time of this process: comparable between runs on a machine that others use too.
double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: dive_progress FILE SECONDS [FIRST_ROUNDS [ROUNDS SHARE NOISE]]\n");
    return 2;
  }
  const auto problem = load_problem(argv[1]);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return 1;
  }
  auto reducer = Reducer::create(*problem, {});
  if (!reducer || reducer->run() != ReductionVerdict::kOpen) return 1;
  const Model model = reducer->model();
  const FlatModel flat(model);
  const double start = cpu_seconds();
  const double limit = std::atof(argv[2]);
  DualAscent ascent(model, flat, {});
  ascent.run_rounds(argc > 3 ? std::atoll(argv[3]) : 1000);
  const AscentState state(model, flat, ascent);
  std::printf("%8.2f s bound %.8e\n", cpu_seconds() - start, ascent.bound());
  DiveOptions options;
  options.rounds = 50;
  options.share = 0.1;
  if (argc > 4) options.rounds = std::atoll(argv[4]);
  if (argc > 5) options.share = std::atof(argv[5]);
  if (argc > 6) options.noise = std::atof(argv[6]);
  for (int i = 0; cpu_seconds() - start < limit; ++i) {
    Int128 best = 0;
    double found = 0;
    Dive dive(model, state, options);
    dive.run({}, [&](const Assignment& /*assignment*/, Int128 cost) {
      best = cost;
      found = cpu_seconds() - start;
    });
    std::printf("%8.2f s dive of %ld rounds, share %.3f: %s (at %.2f s), gap %.4f%%\n",
                cpu_seconds() - start, static_cast<long>(options.rounds), options.share,
                to_string(best).c_str(), found,
                100 * (static_cast<double>(best) / ascent.bound() - 1));
    std::fflush(stdout);
    if (argc <= 4) {
      options.rounds = options.rounds * 3 / 2;
      options.share *= 0.9;
    }
    ++options.seed;
  }
  return 0;
}
