#include "tests/ptx/annealing_probe.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "host/device/host_search.h"
#include "tests/cuda/emulated_cuda.h"
#include "tests/ptx/launches.h"
#include "tests/ptx/multiprocessor.h"

namespace warpshard::ptx {
namespace {

constexpr auto kDevice = testing::emulated::kFirst;

template <typename T>
T taken(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

void check(const DeviceStatus& status) {
  if (status) throw std::runtime_error(status->message);
}

WarmState warm_state(const FlatModel& model, const NoiseTable& noise, std::uint64_t seed) {
  const int stretches_per_epoch = 1 + model.view().num_variables / 1024;
  int stretches = 0;
  return warm_up(model, noise, seed,
                 [&](int epoch) { return ++stretches >= (epoch + 1) * stretches_per_epoch; });
}

std::vector<std::size_t> sizes_of_allocations() {
  std::vector<std::size_t> sizes;
  for (const auto& piece : testing::emulated::allocations(kDevice)) sizes.push_back(piece.size());
  return sizes;
}

/// What takes as much memory for twice as many islands is shared by all multiprocessors.
DeviceLayout layout_of(std::span<const std::size_t> with_twice_as_many) {
  std::vector<DeviceLayout::Piece> pieces;
  for (const auto& memory : testing::emulated::allocations(kDevice)) {
    const std::size_t k = pieces.size();
    const bool shared = k < with_twice_as_many.size() && with_twice_as_many[k] == memory.size();
    pieces.push_back({memory, shared});
  }
  return DeviceLayout(std::move(pieces));
}

}  // namespace

AnnealingRate mean_of(std::span<const AnnealingRate> rates) {
  const auto count = static_cast<double>(rates.size());
  AnnealingRate mean;
  double cycles_per_visit = 0;
  for (const AnnealingRate& rate : rates) {
    mean.per_visit += rate.per_visit / count;
    mean.deltas_per_visit += rate.deltas_per_visit / count;
    cycles_per_visit += 1 / rate.visits_per_cycle / count;
  }
  mean.visits_per_cycle = 1 / cycles_per_visit;
  return mean;
}

AnnealingProbe::AnnealingProbe(const FlatModel& model, std::int32_t rooms_per_chain,
                               std::uint64_t seed)
    : model_(model),
      rooms_per_chain_(rooms_per_chain),
      seed_(seed),
      noise_(model.max_stride),
      warm_(warm_state(model, noise_, seed)) {}

std::unique_ptr<DeviceSearch> AnnealingProbe::search(std::int32_t islands) const {
  DeviceSearchOptions options;
  options.device = kDevice;
  options.seed = seed_;
  options.chains = islands * kResidentChains;
  options.chains_per_island = kResidentChains;
  options.rooms_per_chain = rooms_per_chain_;
  return taken(make_device_search(model_, noise_.values(), options));
}

std::unique_ptr<DeviceSearch> AnnealingProbe::serial_search() const {
  DeviceSearchOptions options;
  options.seed = seed_;
  options.chains = options.chains_per_island = kResidentChains;
  return taken(make_host_search(model_, noise_.values(), options));
}

void AnnealingProbe::anneal(DeviceSearch& search, std::int64_t visits) const {
  ChunkOptions options;
  options.visits = visits;
  options.coldest = options.hottest = warm_.temperature;
  options.follow_prices = options.exchange = options.cross = false;
  check(search.start({&warm_.values, 1}, warm_.prices));
  check(search.run_chunk(options));
}

AnnealingProbe::Run AnnealingProbe::run(const Architecture& architecture,
                                        std::int64_t visits) const {
  const auto sizes = [&] {
    const auto twice = search(2);
    return sizes_of_allocations();
  }();
  const auto measured = search(1);
  const DeviceLayout layout = layout_of(sizes);
  std::optional<Multiprocessor> multiprocessor;
  interpret_launches([&](const Kernel& kernel, const GridShape& grid) -> Monitor* {
    if (&kernel != &annealing_kernel()) return nullptr;
    if (!multiprocessor)
      multiprocessor.emplace(architecture, layout,
                             architecture.l1_beside(grid.blocks, grid.dynamic_shared_bytes));
    return &*multiprocessor;
  });
  anneal(*measured, visits);
  interpret_launches();
  Run run;
  if (!multiprocessor) throw std::runtime_error("the annealing kernel was not launched");
  run.counts = multiprocessor->counts();
  run.moves = taken(measured->counters());
  const std::vector<double> times = multiprocessor->times();
  run.mean_cycles = std::accumulate(times.begin(), times.end(), 0.0) / kResidentChains;
  return run;
}

AnnealingRate AnnealingProbe::measure(const Architecture& architecture, std::int64_t visits) const {
  const Run before = run(architecture, visits);
  const Run after = run(architecture, 3 * visits);
  const auto count = static_cast<double>(after.moves.visits() - before.moves.visits());
  AnnealingRate rate;
  rate.per_visit = (after.counts - before.counts) / count;
  rate.deltas_per_visit = static_cast<double>(after.moves.deltas - before.moves.deltas) / count;
  rate.visits_per_cycle = architecture.reached * count / (after.mean_cycles - before.mean_cycles);
  return rate;
}

std::string AnnealingProbe::difference(std::int64_t visits) const {
  interpret_launches();
  const auto ours = search(1);
  const auto serial = serial_search();
  for (DeviceSearch* each : {ours.get(), serial.get()}) anneal(*each, visits);
  for (std::int32_t chain = 0; chain < kResidentChains; ++chain) {
    const ChainSnapshot a = taken(ours->snapshot(chain));
    const ChainSnapshot b = taken(serial->snapshot(chain));
    const std::string where = " of chain " + std::to_string(chain);
    if (a.values != b.values) return "values" + where;
    if (a.account.finite != b.account.finite) return "cost" + where;
    if (a.account.forbidden != b.account.forbidden) return "forbidden entries" + where;
    if (a.slack != b.slack) return "slack" + where;
  }
  const MoveCounters a = taken(ours->counters());
  const MoveCounters b = taken(serial->counters());
  if (a.visits() != b.visits() || a.deltas != b.deltas || a.accepted != b.accepted ||
      a.changes != b.changes)
    return "counters";
  return "";
}

}  // namespace warpshard::ptx
