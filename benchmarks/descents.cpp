// Costs of single descents: descents FILE VISITS SEEDS
// Every descent starts at the same prices, those of 300 rounds of ascent, and takes VISITS million
// visits. "-": no state was within the limit.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

#include "host/bound/dual_ascent.h"
#include "host/portfolio/core.h"
#include "host/search/descent.h"
#include "warpshard/load.h"

namespace {

using namespace warpshard;

constexpr std::int64_t kAscentRounds = 300;
constexpr double kHeat = 1;         // see DescentPolicy
constexpr double kCooling = 1000;   // see DescentPolicy
constexpr float kTolerance = 0.2F;  // see DescentPolicy

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: descents FILE VISITS SEEDS\n");
    return 2;
  }
  const auto problem = load_problem(argv[1]);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return 1;
  }
  const ReducedInstance instance = reduce_instance(*problem, false, 1, {});
  if (!instance.core) return 1;
  const CorePointer core = instance.core;
  DualAscent ascent(core->model, core->flat, {});
  ascent.run_rounds(kAscentRounds);
  const SearchStart start{ascent.decode(0, /*seed=*/1),
                          {ascent.prices().begin(), ascent.prices().end()}};
  const double unit = std::max(1.0, ascent.bound_above_constant()) / core->num_connected;

  DescentPlan plan;
  plan.visits = static_cast<std::int64_t>(std::atof(argv[2]) * 1e6);
  plan.hottest = static_cast<float>(kHeat * unit);
  plan.coldest = static_cast<float>(plan.hottest / kCooling);
  plan.tolerance = kTolerance;
  const double begin = cpu_seconds();
  for (int seed = 1; seed <= std::atoi(argv[3]); ++seed) {
    Descent descent(core, plan, start, static_cast<std::uint64_t>(seed), 0);
    while (!descent.run(Work{1} << 40, {})) continue;
    if (descent.best())
      std::printf("%.5e ", static_cast<double>(descent.best()->cost.finite));
    else
      std::printf("- ");
    std::fflush(stdout);
  }
  std::printf(" %.1f s\n", cpu_seconds() - begin);
  return 0;
}
