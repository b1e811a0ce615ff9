#include "host/portfolio/search_run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>
#include <utility>
#include <vector>

#include "host/bound/certificate.h"
#include "host/device/device_passes.h"

namespace warpshard {
namespace {

/// Shares of a run: first prices, then in turns dives with fresh prices, and descents.
constexpr double kMostFirstAscent = 0.08;
constexpr double kExplore = 0.2;
constexpr double kFirstSearch = 0.04;
constexpr double kLaterAscent = 0.04;
constexpr double kLaterSearch = 0.2;
/// Part of an exploration that one thread spends on prices.
constexpr double kAscending = 0.3;
/// The first prices are good enough once twice the time raises the bound by less than this share.
constexpr double kFlat = 0.002;
/// A tree of this many nodes is not given up for a smaller core.
constexpr std::int64_t kGrownTree = 100;
/// One thread in so many proves, at least one.
constexpr int kThreadsPerProver = 4;
/// Part of its time after which a proof ends, so that what it reached can be certified.
constexpr double kProving = 0.97;
/// A new core is worth its making if it has lost at least this share of the values.
constexpr double kWorthwhile = 0.02;
/// Reduced costs are looked at again at most this often in a row.
constexpr int kMostShrinks = 4;
/// Dives go from quick to careful and back: rounds of ascent between two steps, and the share of
/// variables that a step fixes. Dives differ by a percent for no reason that shows beforehand, so
/// many quick ones are worth more than one of great care; after the first of each kind with noise.
constexpr double kFirstDiveRounds = 50;
constexpr double kDiveGrowth = 1.5;
constexpr double kFirstDiveShare = 0.1;
constexpr double kDiveShrink = 0.9;
constexpr std::uint64_t kDiveKinds = 4;
constexpr double kDiveNoise = 0.003;
/// The very first one is hasty, to have a plan at all.
constexpr std::int64_t kHastyDiveRounds = 5;
constexpr double kHastyDiveShare = 0.3;
/// Dives stop once their best plan is dearer than the incumbent by more than this share.
constexpr double kDivesBehind = 0.003;
/// Rounds of the ascent where the clock counts work instead of time.
constexpr std::int64_t kAscentRounds = 200;
/// Decodings to start from: noise scales as shares of the cost per connected variable. Much more
/// noise than this, and what the messages agreed on is lost.
constexpr double kDecodingNoise[] = {0.0, 0.003, 0.01};

}  // namespace

SearchRun::SearchRun(CorePointer core, IncumbentPool& pool, SearchClock& clock,
                     SearchRunOptions options)
    : core_(nullptr), pool_(pool), clock_(clock), options_(std::move(options)) {
  adopt(std::move(core));
  add_elites(options_.starts);
}

void SearchRun::log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

void SearchRun::adopt(CorePointer core) {
  const auto plans = elite_plans();
  population_.reset();
  devices_.reset();
  ascent_.reset();
  if (prover_ && prover_->num_nodes() < kGrownTree) {
    prover_.reset();
    proven_core_.reset();
  }
  core_ = std::move(core);
  ascent_ = std::make_unique<DualAscent>(core_->model, core_->flat, DualOptions{});
  population_ = std::make_unique<Population>(core_, pool_, clock_, book_,
                                             options_.seed + ++generation_, options_.threads);
  if (!options_.gpus.empty()) {
    const auto say = [this](const std::string& line) { log(line); };
    devices_ = std::make_unique<DevicePopulation>(
        core_, pool_, clock_,
        make_device_searches(*core_, options_.gpus, options_.seed + generation_, say), say);
  }
  add_elites(plans);
}

void SearchRun::add_elites(const std::vector<Plan>& plans) {
  for (const Plan& plan : plans) {
    const Assignment values = core_->reducer.project(plan);
    if (values.empty()) continue;
    population_->add_elite(values);
    if (devices_) devices_->add_elite(values);
  }
}

std::vector<Plan> SearchRun::elite_plans() const {
  std::vector<Plan> plans;
  if (population_)
    for (const Elite& elite : population_->elites())
      plans.push_back(core_->reducer.lift(elite.values));
  if (devices_)
    for (const Elite& elite : devices_->elites())
      plans.push_back(core_->reducer.lift(elite.values));
  return plans;
}

void SearchRun::run(double seconds) {
  if (core_->model.num_variables() == 0) {
    pool_.offer(core_->reducer, core_->model, {}, "reduced away");
    if (core_->model.constant.forbidden == 0) pool_.raise_bound(core_->model.constant);
    return;
  }
  if (clock_.timed()) return run_in_turns(seconds);
  ascend(0);
  share_starts();
  search(0, /*trial=*/true);
}

void SearchRun::run_in_turns(double seconds) {
  const double begin = clock_.seconds();
  const double ascending = kAscending * kExplore * seconds;
  population_->hurry();
  ascend_until_flat(kMostFirstAscent * seconds);
  explore(kExplore * seconds, [&] { ascend(ascending); });
  search(kFirstSearch * seconds, /*trial=*/true);
  while (!clock_.expired()) {
    shrink_on(kLaterAscent * seconds);
    share_starts();
    if (given_up(begin, seconds)) break;
    const double left = seconds - (clock_.seconds() - begin);
    if (left <= 0) break;
    const double turn = (kExplore + kLaterSearch) * seconds;
    search(left < turn ? left : kLaterSearch * seconds, /*trial=*/false);
    if (dives_pay()) explore(kExplore * seconds, [] {});
    if (options_.threads == 1 && !has_small_core()) prove_alone(std::min(left, ascending));
  }
}

void SearchRun::shrink_on(double seconds) {
  for (int k = 0; k < kMostShrinks && shrink(); ++k) ascend(0.25 * seconds);
}

bool SearchRun::has_small_core() const {
  return core_->num_connected <= kSmallModel;
}

int SearchRun::proving_threads() const {
  return std::max(1, options_.threads / kThreadsPerProver);
}

bool SearchRun::given_up(double begin, double seconds) const {
  return !pool_.has_clean_plan() && clock_.seconds() - begin > options_.trial_share * seconds;
}

void SearchRun::ascend(double seconds) {
  if (clock_.expired()) return;
  if (const auto cost = pool_.cost(); cost && cost->forbidden == 0)
    ascent_->set_incumbent(cost->finite);
  if (clock_.timed()) {
    ascent_->run(StopToken(clock_.stop_flag(),
                           SearchClock::after(std::min(seconds, clock_.seconds_left()))));
  } else {
    ascent_->run_rounds(kAscentRounds);
  }
  if (options_.allow_forbidden) return;
  const auto certified = certified_bound(core_->model, ascent_->certificate());
  if (certified && !certified->none_allowed) raise_bound(certified->bound);
}

void SearchRun::raise_bound(Int128 bound) {
  // Values whose every plan is dearer than the incumbent are gone from a shrunken core.
  if (const auto cost = pool_.cost(); cost && cost->forbidden == 0)
    bound = std::min(bound, cost->finite);
  pool_.raise_bound(Cost{0, bound});
}

bool SearchRun::shrink() {
  const auto cost = pool_.cost();
  if (options_.allow_forbidden || !cost || cost->forbidden > 0 || clock_.expired()) return false;
  // Plans as dear as the incumbent stay, and with them the incumbent itself.
  auto values = ascent_->values_above(cost->finite);
  if (prover_ && proven_core_ == core_) {
    const auto more = prover_->values_above(cost->finite);
    values.insert(values.end(), more.begin(), more.end());
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }
  if (static_cast<double>(values.size()) <
      kWorthwhile * static_cast<double>(core_->model.unary.size()))
    return false;
  Reducer reducer = core_->reducer;
  reducer.remove_values(values);
  if (reducer.run() != ReductionVerdict::kOpen) return false;
  adopt(std::make_shared<const Core>(std::move(reducer)));
  log("reduced costs leave " + std::to_string(core_->model.num_variables()) + " variables, " +
      std::to_string(core_->model.unary.size()) + " values, " +
      std::to_string(core_->model.num_times()) + " time points");
  if (core_->model.num_variables() == 0) {
    pool_.offer(core_->reducer, core_->model, {}, "reduced away");
    pool_.raise_bound(std::min(core_->model.constant, *pool_.cost()));
    clock_.finish();
  }
  return core_->model.num_variables() > 0;
}

void SearchRun::prove(SearchClock::Time end, std::span<const float> prices,
                      const std::atomic<bool>& done) {
  constexpr std::chrono::milliseconds kStretch{500};
  if (!prover_) {
    ProverOptions options;
    options.threads = proving_threads();
    options.part_bytes = options_.part_bytes;
    if (!options_.gpus.empty()) {
      options.order = SweepOrder::kColour;
      options.passes =
          make_passes_on(options_.gpus.front(), [this](const std::string& line) { log(line); });
    }
    proven_core_ = core_;
    prover_ = std::make_unique<Prover>(core_->model, core_->flat, options, prices);
  }
  while (!done && !clock_.expired() && !prover_->closed()) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) break;
    prover_->set_incumbent(pool_.cost()->finite);
    prover_->run(StopToken(done, std::min(end, now + kStretch)),
                 [this](const Assignment& values, Int128 /*finite_cost*/) {
                   pool_.offer(proven_core_->reducer, proven_core_->model, values, "branch");
                 });
    if (const auto bound = prover_->bound()) raise_bound(*bound);
  }
  if (clock_.expired()) return;  // to certify may take longer than what is left
  prover_->certify();
  if (const auto bound = prover_->bound()) raise_bound(*bound);
}

bool SearchRun::may_prove() const {
  return clock_.timed() && !clock_.expired() && pool_.has_clean_plan() && !options_.allow_forbidden;
}

void SearchRun::prove_alone(double seconds) {
  if (!may_prove()) return;
  beside_others(seconds, /*proving=*/true, [&](int /*num_threads*/) {
    constexpr std::chrono::milliseconds kGlance{10};
    const auto end = SearchClock::after(seconds);
    while (proving_ && std::chrono::steady_clock::now() < end && !clock_.expired())
      std::this_thread::sleep_for(kGlance);
  });
}

void SearchRun::explore(double seconds, const std::function<void()>& first) {
  if (options_.allow_forbidden || clock_.expired()) return;
  publish_state();
  const double length = std::min(seconds, clock_.seconds_left());
  const auto end = SearchClock::after(length);
  beside_others(length, /*proving=*/false, [&](int num_threads) {
    std::vector<std::thread> threads;
    for (int k = 1; k < num_threads; ++k) threads.emplace_back([&] { dive_and_polish(end); });
    first();
    publish_state();
    dive_and_polish(end);
    for (auto& thread : threads) thread.join();
  });
}

void SearchRun::ascend_until_flat(double seconds) {
  double slice = seconds / 8;
  ascend(slice);
  share_starts();
  for (double passed = slice; passed < seconds && !clock_.expired(); passed += slice) {
    slice = std::min(passed, seconds - passed);
    const double before = ascent_->bound();
    explore(slice, [&] { ascend(slice); });
    if (ascent_->bound() - before < kFlat * std::abs(before)) break;
  }
  share_starts();
}

DiveOptions SearchRun::dive_options(std::uint64_t number) const {
  DiveOptions options;
  options.seed = options_.seed + number;
  if (number == 0) {
    options.rounds = kHastyDiveRounds;
    options.share = kHastyDiveShare;
    return options;
  }
  const auto kind = static_cast<double>((number - 1) % kDiveKinds);
  options.rounds = static_cast<std::int64_t>(kFirstDiveRounds * std::pow(kDiveGrowth, kind));
  options.share = kFirstDiveShare * std::pow(kDiveShrink, kind);
  options.noise = number <= kDiveKinds ? 0 : kDiveNoise;
  return options;
}

void SearchRun::publish_state() {
  auto state = std::make_shared<const AscentState>(core_->model, core_->flat, *ascent_);
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
}

void SearchRun::dive_and_polish(SearchClock::Time end) {
  const auto chain = population_->make_chain();
  RandomStream random(options_.seed, ~dives_.load());
  while (std::chrono::steady_clock::now() < end && !clock_.expired()) {
    std::shared_ptr<const AscentState> state;
    {
      const std::lock_guard lock(mutex_);
      state = state_;
    }
    const std::uint64_t number = dives_++;
    const DiveOptions options = dive_options(number);
    Assignment best;
    Dive(core_->model, *state, options)
        .run(StopToken(clock_.stop_flag(), end),
             [&](const Assignment& values, Int128 /*finite_cost*/) {
               best = values;
               pool_.offer(core_->reducer, core_->model, values, "dive " + std::to_string(number));
             });
    if (best.empty()) continue;
    const Cost cost = population_->polish(*chain, random, best);
    const std::lock_guard lock(mutex_);
    if (!best_dive_ || cost < *best_dive_) best_dive_ = cost;
  }
}

bool SearchRun::dives_pay() {
  if (!pool_.has_clean_plan()) return true;
  const auto cost = pool_.cost();
  const std::lock_guard lock(mutex_);
  if (!best_dive_ || best_dive_->forbidden > 0) return false;
  return static_cast<double>(best_dive_->finite - cost->finite) <=
         kDivesBehind * std::abs(static_cast<double>(cost->finite));
}

void SearchRun::share_starts() {
  if (clock_.expired()) return;
  std::vector<Assignment> decodings;
  const double scale = std::abs(ascent_->bound()) / std::max(1, core_->num_connected);
  for (const double noise : kDecodingNoise)
    decodings.push_back(ascent_->decode(noise * scale, options_.seed + decodings.size()));
  const auto prices = ascent_->prices();
  if (devices_) devices_->set_starts(decodings, {prices.begin(), prices.end()});
  population_->set_starts(std::move(decodings), {prices.begin(), prices.end()});
}

void SearchRun::search(double seconds, bool trial) {
  if (clock_.expired()) return;
  beside_others(seconds, /*proving=*/!trial && options_.threads > 1, [&](int num_threads) {
    population_->use_threads(num_threads);
    population_->run(seconds, trial);
  });
}

void SearchRun::beside_others(double seconds, bool proving, const std::function<void(int)>& work) {
  int num_threads = options_.threads;
  std::atomic<bool> done{false};
  std::thread prover;
  // A proof wants a plan to begin with. On a small core it is an exact search.
  if (may_prove() && (has_small_core() || proving)) {
    const auto end = SearchClock::after(kProving * std::min(seconds, clock_.seconds_left()));
    // The ascent may go on meanwhile.
    std::vector<float> prices(ascent_->prices().begin(), ascent_->prices().end());
    proving_ = true;
    prover = std::thread([this, end, &done, prices = std::move(prices)] {
      prove(end, prices, done);
      proving_ = false;
    });
    num_threads = std::max(1, num_threads - proving_threads());
  }
  std::thread devices;
  if (devices_) devices = std::thread([this, seconds] { devices_->run(seconds); });
  work(num_threads);
  done = true;
  if (prover.joinable()) prover.join();
  if (!devices.joinable()) return;
  devices.join();
  for (const Elite& elite : devices_->elites()) population_->add_elite(elite.values);
  for (const Elite& elite : population_->elites()) devices_->add_elite(elite.values);
}

}  // namespace warpshard
