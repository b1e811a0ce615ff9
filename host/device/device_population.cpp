#include "host/device/device_population.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "host/device/harvest_check.h"
#include "host/device/host_search.h"

namespace warpshard {
namespace {

/// Devices go through these in turn. One round holds thousands of chains, so few kinds do.
/// Mostly gentle ones: on the CPU the start decided more than the heat, and wide ladders wasted
/// work; not measured on a device.
constexpr RoundPolicy kRounds[] = {{true, 1.0F, 1000.0F, 0.2F, 0.0},
                                   {false, 0.03F, 100.0F, 0.0F, 0.0},
                                   {true, 0.1F, 1000.0F, 0.0F, 0.3},
                                   {false, 0.3F, 300.0F, 0.0F, 0.0}};

/// A round takes this share of the time searched so far, and of the time at hand at least this.
constexpr double kRoundShare = 0.25;
constexpr double kFirstShare = 0.05;
/// An epoch on a device is a few launches: neither so short that they cost, nor so long that the
/// clock, signals and fresh states wait.
constexpr double kShortestEpoch = 0.02;
constexpr double kLongestEpoch = 0.2;
/// Places for chains on a GPU that passes messages, too.
constexpr double kPlacesBesideBound = 15.0 / 16;
/// States read back per epoch and device.
constexpr std::size_t kHarvest = 2;
/// Elites kept, and how far apart (a share of the variables).
constexpr std::size_t kElites = 8;
constexpr double kApart = 0.01;

double now_in_seconds() {
  return SearchClock::to_seconds(std::chrono::steady_clock::now().time_since_epoch());
}

/// Chooses how many visits an epoch has so that it takes about as long as wished.
class EpochLength {
 public:
  EpochLength(std::int64_t visits, double seconds) : visits_(visits), seconds_(seconds) {}
  std::int64_t visits() const { return visits_; }
  void took(double seconds) {
    const double factor = std::clamp(seconds_ / std::max(seconds, 1e-6), 0.25, 4.0);
    visits_ = std::max<std::int64_t>(
        16, static_cast<std::int64_t>(static_cast<double>(visits_) * factor));
  }

 private:
  std::int64_t visits_;
  double seconds_;
};

}  // namespace

DeviceStatus anneal(DeviceSearch& search, const AnnealingPlan& plan, float tabu_share,
                    const SearchClock& clock, const std::function<DeviceStatus()>& on_epoch) {
  const double begin = now_in_seconds();
  const double ratio = static_cast<double>(plan.coldest) / plan.hottest;
  EpochLength length(/*visits=*/64,
                     std::clamp(plan.seconds / plan.epochs, kShortestEpoch, kLongestEpoch));
  ChunkOptions options;
  options.rule = plan.rule;
  options.tabu_share = tabu_share;
  double share = 0;
  for (std::int32_t epoch = 0; share < 1 && !clock.expired(); ++epoch) {
    options.coldest = static_cast<float>(plan.hottest * std::pow(ratio, share));
    options.hottest = options.coldest * kLadder;
    options.follow_prices = share >= plan.free_share;
    options.tolerance = tolerance_at(plan, share);
    options.visits = clock.timed() ? length.visits() : plan.visits_per_epoch;
    const double chunk_begin = now_in_seconds();
    if (auto failure = search.run_chunk(options)) return failure;
    if (auto failure = on_epoch()) return failure;
    length.took(now_in_seconds() - chunk_begin);
    share = clock.timed() ? (now_in_seconds() - begin) / plan.seconds
                          : static_cast<double>(epoch + 1) / plan.epochs;
  }
  return std::nullopt;
}

DevicePopulation::DevicePopulation(CorePointer core, IncumbentPool& pool, SearchClock& clock,
                                   std::vector<std::unique_ptr<DeviceSearch>> searches, Log log)
    : core_(std::move(core)),
      pool_(pool),
      clock_(clock),
      log_(std::move(log)),
      elites_(kElites,
              std::max(1, static_cast<std::int32_t>(kApart * core_->model.num_variables()))) {
  for (auto& search : searches) devices_.emplace_back().search = std::move(search);
}

void DevicePopulation::set_starts(std::vector<Assignment> decodings, std::vector<float> prices) {
  decodings_ = std::move(decodings);
  prices_ = std::move(prices);
}

void DevicePopulation::add_elite(const Assignment& values) {
  if (!fits(core_->model, values)) return;
  elites_.add(Elite{values, prices_, cost_of(core_->model, values)});
}

void DevicePopulation::run(double seconds) {
  std::vector<std::thread> threads;
  for (Device& device : devices_)
    if (!device.failed)
      threads.emplace_back([this, &device, seconds] { run_device(device, seconds); });
  for (std::thread& thread : threads) thread.join();
}

void DevicePopulation::run_device(Device& device, double seconds) {
  const double begin = clock_.seconds();
  while (!clock_.expired()) {
    const double passed = clock_.seconds() - begin;
    const double left = std::min(seconds - passed, clock_.seconds_left());
    if (clock_.timed() && left <= 0) break;
    double length = std::max(kFirstShare * seconds, kRoundShare * passed);
    if (left < 1.6 * length) length = left;
    if (const auto failure = run_round(device, length)) {
      const std::lock_guard lock(mutex_);
      device.failed = true;
      if (log_) log_("a device drops out: " + failure->message);
      return;
    }
    if (!clock_.timed()) break;
  }
}

DeviceStatus DevicePopulation::run_round(Device& device, double seconds) {
  const RoundPolicy& round =
      kRounds[static_cast<std::size_t>(device.rounds++) % std::size(kRounds)];
  if (auto failure = begin_round(device, round.fresh)) return failure;
  // Tabu looks around what was found already.
  const PopulationShape& shape = device.search->plan().shape;
  const float tabu_share = shape.tabu && !round.fresh ? device.tabu.share() : 0.0F;
  device.tabu_islands = tabu_islands(tabu_share, shape);
  device.best.reset();
  const AnnealingPlan plan = plan_descent(round, *core_, clock_, reference_cost(), seconds);
  auto failure = anneal(*device.search, plan, tabu_share, clock_, [&] { return harvest(device); });
  if (failure) return failure;
  if (device.tabu_islands > 0) device.tabu.end_round();
  const auto counters = device.search->counters();
  if (!counters) return counters.error();
  pool_.count_visits(counters->visits());
  const std::lock_guard lock(mutex_);
  counters_ += *counters;
  return std::nullopt;
}

DeviceStatus DevicePopulation::begin_round(Device& device, bool fresh) {
  const auto elites = elites_.all();
  if (fresh || elites.empty()) return device.search->start(decodings_, prices_);
  std::vector<Assignment> starts;
  starts.reserve(elites.size());
  for (const Elite& elite : elites) starts.push_back(elite.values);
  const auto& prices = elites.front().prices;
  return device.search->start(starts, prices.empty() ? prices_ : prices);
}

DeviceStatus DevicePopulation::harvest(Device& device) {
  auto states = device.search->harvest(kHarvest);
  if (!states) return states.error();
  for (HarvestedState& harvested : *states) {
    const auto state = verified(core_->model, std::move(harvested.values));
    if (!state) return Error{"its states do not pass the host's check"};
    pool_.offer(core_->reducer, core_->model, state->values, "device");
    elites_.add(Elite{state->values, prices_, state->cost});
    if (device.best && *device.best <= state->cost) continue;
    // The first states come from where the round began.
    if (device.best && device.tabu_islands > 0)
      device.tabu.gain(harvested.island < device.tabu_islands);
    device.best = state->cost;
  }
  return std::nullopt;
}

double DevicePopulation::reference_cost() const {
  return typical_cost(*core_, decodings_.front(), pool_, clock_);
}

MoveCounters DevicePopulation::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

std::vector<std::unique_ptr<DeviceSearch>> make_device_searches(const Core& core,
                                                                const std::vector<DeviceInfo>& gpus,
                                                                std::uint64_t seed,
                                                                const DevicePopulation::Log& log) {
  std::vector<std::unique_ptr<DeviceSearch>> searches;
  for (const DeviceInfo& gpu : gpus) {
    DeviceSearchOptions options;
    options.seed = seed + static_cast<std::uint64_t>(gpu.number);
    options.tabu = true;
    // Message passing runs on the first beside the chains; kernels that wait for a free place would
    // wait for the end of a chunk, each of them.
    if (gpu.number == gpus.front().number) options.place_share = kPlacesBesideBound;
    auto search = make_search_on(gpu, core.flat, core.noise.values(), options);
    const std::string name = gpu.label() + ": ";
    if (log) log(name + (search ? (*search)->plan().describe() : search.error().message));
    if (search) searches.push_back(std::move(*search));
  }
  return searches;
}

}  // namespace warpshard
