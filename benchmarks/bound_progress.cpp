// Prints how the lower bound of an instance rises over time: bound_progress FILE SECONDS [INCUMBENT
// [ORDER [SMOOTH]]].
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "host/bound/dual_ascent.h"
#include "host/bound/fixed_point.h"
#include "host/reduce/reducer.h"
#include "warpshard/load.h"

namespace {

/// CPU time of this process: comparable between runs on a machine that others use too.
double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace warpshard;
  if (argc < 3) {
    std::fprintf(stderr, "usage: bound_progress FILE SECONDS [INCUMBENT [ORDER [SMOOTH]]]\n");
    return 2;
  }
  const auto problem = load_problem(argv[1]);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return 1;
  }
  double start = cpu_seconds();
  auto reducer = Reducer::create(*problem, {});
  if (!reducer || reducer->run() != ReductionVerdict::kOpen) {
    std::fprintf(stderr, "the reducer decides this instance\n");
    return 1;
  }
  const Model model = reducer->model();
  const FlatModel flat(model);
  std::printf(
      "# reduced in %.2f s: %d variables, %zu values, %zu edges, %d times, %zu segments, tables "
      "%.1f MB\n",
      cpu_seconds() - start, model.num_variables(), model.unary.size(), model.edges.size(),
      model.num_times(), model.segments.size(), 4e-6 * static_cast<double>(flat.tables.size()));
  DualOptions options;
  if (argc > 4) options.order = static_cast<SweepOrder>(std::atoi(argv[4]));
  options.smooth = argc <= 5 || std::atoi(argv[5]) != 0;
  DualAscent ascent(model, flat, options);
  if (argc > 3 && std::atof(argv[3]) > 0) ascent.set_incumbent(std::atoll(argv[3]));
  std::printf("# %zu variables with edges, messages %.1f MB\n", ascent.sweeps().variables().size(),
              4e-6 * static_cast<double>(ascent.sweeps().num_message_entries()));
  const double limit = std::atof(argv[2]);
  start = cpu_seconds();
  for (double next = 0.25;; next = std::min(limit, next * 1.41421356)) {
    while (cpu_seconds() - start < next) ascent.run_rounds(20);
    const double spent = cpu_seconds() - start;
    std::printf("%8.2f s %8ld rounds %.3f ms/round  bound %.6e level %.3e active %ld\n", spent,
                static_cast<long>(ascent.rounds()),
                1e3 * spent / static_cast<double>(ascent.rounds()), ascent.bound(), ascent.level(),
                static_cast<long>(
                    std::ranges::count_if(ascent.prices(), [](float price) { return price > 0; })));
    if (spent >= limit) break;
  }
  const auto certified = certified_bound(model, ascent.certificate());
  std::printf("certified %s\n",
              certified ? to_string(certified->bound).c_str() : certified.error().message.c_str());
  return 0;
}
