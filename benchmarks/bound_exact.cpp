// Closes an instance by branch and bound: bound_exact FILE SECONDS [INCUMBENT [THREADS]].
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "host/bound/branch_and_bound.h"
#include "host/bound/dual_ascent.h"
#include "host/reduce/reducer.h"
#include "warpshard/load.h"

namespace {

using Clock = std::chrono::steady_clock;
using namespace warpshard;

constexpr std::int64_t kRootRounds = 3000;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Reduces, ascends and removes what reduced costs rule out, until little goes; false if that
/// leaves nothing.
bool shrink(Reducer& reducer, Int128 incumbent, Model& model) {
  for (int i = 0; i < 8; ++i) {
    if (reducer.run() != ReductionVerdict::kOpen) return false;
    model = reducer.model();
    const FlatModel flat(model);
    DualAscent ascent(model, flat, {});
    ascent.set_incumbent(incumbent);
    ascent.run_rounds(kRootRounds);
    const auto values = ascent.values_above(incumbent - 1);
    std::printf(
        "# %d variables, %zu values, %zu edges, %d times, bound %.8e, %zu values too dear\n",
        model.num_variables(), model.unary.size(), model.edges.size(), model.num_times(),
        ascent.bound(), values.size());
    if (values.size() * 100 < model.unary.size()) return true;
    reducer.remove_values(values);
  }
  return reducer.run() == ReductionVerdict::kOpen;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bound_exact FILE SECONDS [INCUMBENT [THREADS]]\n");
    return 2;
  }
  const auto problem = load_problem(argv[1]);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return 1;
  }
  const auto start = Clock::now();
  auto reducer = Reducer::create(*problem, {});
  if (!reducer || reducer->run() != ReductionVerdict::kOpen) return 1;
  Model model = reducer->model();
  const Int128 incumbent = argc > 3 ? std::atoll(argv[3]) : 0;
  if (incumbent > 0 && !shrink(*reducer, incumbent, model)) {
    std::printf("nothing is cheaper than %s\n", to_string(incumbent).c_str());
    return 0;
  }
  BranchOptions options;
  if (argc > 4) options.threads = std::atoi(argv[4]);
  BranchAndBound branching(model, options);
  if (incumbent > 0) branching.set_incumbent(incumbent);
  const double limit = std::atof(argv[2]);
  while (!branching.closed() && seconds_since(start) < limit) {
    branching.run(StopToken(Clock::now() + std::chrono::seconds(2)),
                  [&](const Assignment& /*assignment*/, Int128 cost) {
                    std::printf("%8.2f s found %s\n", seconds_since(start),
                                to_string(cost).c_str());
                  });
    const auto bound = branching.bound();
    std::printf("%8.2f s %8ld nodes %6ld open  bound %s\n", seconds_since(start),
                static_cast<long>(branching.num_nodes()), static_cast<long>(branching.num_open()),
                bound ? to_string(*bound).c_str() : "none");
    std::fflush(stdout);
  }
  std::printf("%s\n", branching.closed() ? "closed" : "open");
  return 0;
}
