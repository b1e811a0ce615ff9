// Predicts how fast the annealing kernel is on GPUs, from its PTX and a model of them, and says
// what bounds it: predict_kernels [FILE | generated:NODES]... Nothing here needs a GPU.
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "host/model/flat_model.h"
#include "host/reduce/reducer.h"
#include "tests/ptx/annealing_probe.h"
#include "warpshard/generate.h"
#include "warpshard/load.h"

namespace {

using namespace warpshard;
using ptx::AnnealingRate;
using ptx::Architecture;

/// Of each chain: about those of the trees that its block grows at a time. Three times as many are
/// interpreted.
constexpr std::int64_t kVisits = 7200;
/// States and trees differ by several percent in what a visit takes.
constexpr std::uint64_t kSeeds = 4;

Result<Problem> read(const std::string& name) {
  const std::string head = "generated:";
  if (name.compare(0, head.size(), head) != 0) return load_problem(name);
  GeneratorOptions options;
  options.target_nodes = std::stoll(name.substr(head.size()));
  options.mesh = {16, 2};
  return generate(options);
}

/// Visits per cycle of one multiprocessor if nothing but one unit counted.
struct Bound {
  const char* name;
  double visits_per_cycle;
};

std::array<Bound, 4> bounds_of(const AnnealingRate& rate, const Architecture& architecture) {
  const ptx::Counts& visit = rate.per_visit;
  return {{{"issue", architecture.schedulers / visit.slots},
           {"L1 lines", architecture.lines_per_cycle / (visit.lines + visit.passes)},
           {"L2", architecture.l2_bytes_per_cycle / visit.l2_bytes},
           {"DRAM", architecture.dram_bytes_per_cycle() / visit.dram_bytes}}};
}

/// A unit that is busy for most of the time, else the wait for what depends on each other.
const char* binding(const AnnealingRate& rate, const Architecture& architecture) {
  constexpr double kBusy = 0.7;
  const auto bounds = bounds_of(rate, architecture);
  const Bound& least = *std::ranges::min_element(bounds, {}, &Bound::visits_per_cycle);
  return rate.visits_per_cycle > kBusy * least.visits_per_cycle ? least.name : "latency";
}

/// What does not depend on the architecture.
void print_counts(const AnnealingRate& rate) {
  const ptx::Counts& visit = rate.per_visit;
  std::printf(
      "  a visit: %.1f deltas, %.0f PTX instructions, %.0f issue slots with %.1f lanes, %.1f "
      "loads, "
      "%.1f stores, %.1f lines, %.1f passes over shared memory, %.1f syncs, %.1f exchanges\n",
      rate.deltas_per_visit, visit.instructions, visit.slots, visit.lane_slots / visit.slots,
      visit.loads, visit.stores, visit.lines, visit.passes, visit.syncs, visit.exchanges);
}

void print_rate(const AnnealingRate& rate, const Architecture& architecture) {
  const ptx::Counts& visit = rate.per_visit;
  std::printf("  %-7s %-16s %.2e visits/s  %.2e deltas/s  bound by %s (busy:", architecture.name,
              architecture.product, rate.visits_per_second(architecture),
              rate.deltas_per_second(architecture), binding(rate, architecture));
  for (const Bound& bound : bounds_of(rate, architecture))
    std::printf(" %s %.0f%%", bound.name, 100 * rate.visits_per_cycle / bound.visits_per_cycle);
  std::printf("); a visit: %.1f loads miss L1, %.0f bytes from L2, %.0f from DRAM\n",
              visit.missing_loads, visit.l2_bytes, visit.dram_bytes);
  std::fflush(stdout);
}

void predict(const std::string& name) {
  const auto problem = read(name);
  if (!problem) {
    std::printf("%s: %s\n", name.c_str(), problem.error().message.c_str());
    return;
  }
  auto reducer = Reducer::create(*problem, {});
  if (!reducer || reducer->run() != ReductionVerdict::kOpen) {
    std::printf("%s: the reductions decide it\n", name.c_str());
    return;
  }
  const Model model = reducer->model();
  const FlatModel flat(model);
  std::printf("%s: %d variables, %zu edges, %d times\n", name.c_str(), model.num_variables(),
              model.edges.size(), model.num_times());
  std::vector<ptx::AnnealingProbe> probes;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed)
    probes.emplace_back(flat, /*rooms_per_chain=*/0, seed);
  for (const Architecture& architecture : ptx::architectures()) {
    std::vector<AnnealingRate> rates;
    for (const ptx::AnnealingProbe& probe : probes)
      rates.push_back(probe.measure(architecture, kVisits));
    const AnnealingRate rate = ptx::mean_of(rates);
    if (&architecture == &ptx::architectures().front()) print_counts(rate);
    print_rate(rate, architecture);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 2) predict("generated:35000");
    for (int k = 1; k < argc; ++k) predict(argv[k]);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
