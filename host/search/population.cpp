#include "host/search/population.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <thread>
#include <utility>

#include "host/search/tabu.h"

namespace warpshard {
namespace {

/// A descent that visits each connected variable this often is long enough; longer time is better
/// spent on more descents.
constexpr double kVisitsPerDescent = 40'000;
/// But a descent takes at least and at most these shares of the time at hand.
constexpr double kLeastShare = 0.04;
constexpr double kMostShare = 0.9;
/// A descent from an elite starts cooler and takes this share of a fresh one's time.
constexpr double kFollowingShare = 0.35;
/// Trials per thread.
constexpr double kTrials = 2;
/// Variable visits per second, before any were measured.
constexpr double kGuessedRate = 2e6;
/// Visits per connected variable, heats and cooling of a short descent from a good assignment.
constexpr double kPolishVisits = 1000;
constexpr float kPolishHeats[] = {0.01F, 0.03F, 0.1F};
constexpr float kPolishCooling = 1000;
/// Elites kept, and how far apart (a share of the variables).
constexpr std::size_t kElites = 8;
constexpr double kApart = 0.01;
/// Chains where the clock counts epochs, whatever the number of threads.
constexpr std::uint64_t kCountedChains = 8;
/// Visits per variable of the first plan.
constexpr int kHurriedVisits = 10;
/// Random streams of tabu searches begin here, far from those of chains.
constexpr std::uint64_t kTabuStream = std::uint64_t{1} << 32;

/// For each variable the value that uses least, over all its time points.
Assignment least_usage(const Model& model) {
  Assignment values;
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    std::vector<double> total(static_cast<std::size_t>(model.domain(v)), 0);
    for (const auto& segment : model.segments_of(v)) {
      const auto usage = model.usage_of(v, segment);
      for (std::size_t d = 0; d < total.size(); ++d)
        total[d] += static_cast<double>(usage[d]) * (segment.end - segment.begin);
    }
    values.push_back(static_cast<std::int32_t>(std::ranges::min_element(total) - total.begin()));
  }
  return values;
}

std::string on_chain(const Chain& chain) {
  return " on chain " + std::to_string(chain.number());
}

}  // namespace

Population::Population(CorePointer core, IncumbentPool& pool, SearchClock& clock, PolicyBook& book,
                       std::uint64_t seed, int threads)
    : core_(std::move(core)),
      pool_(pool),
      clock_(clock),
      book_(book),
      seed_(seed),
      threads_(threads),
      elites_(kElites,
              std::max(1, static_cast<std::int32_t>(kApart * core_->model.num_variables()))) {}

void Population::set_starts(std::vector<Assignment> decodings, std::vector<float> prices) {
  decodings_ = std::move(decodings);
  prices_ = std::move(prices);
}

void Population::add_elite(const Assignment& values) {
  if (!fits(core_->model, values)) return;
  elites_.add(Elite{values, prices_, cost_of(core_->model, values)});
}

void Population::run(double seconds, bool trial) {
  first_elites_ = elites_.all();
  std::vector<std::thread> threads;
  std::atomic<std::uint64_t> counted{0};
  const auto work = [&] {
    if (clock_.timed()) return run_chain(next_chain_number(), seconds, trial);
    for (auto number = counted++; number < kCountedChains; number = counted++)
      run_chain(number, seconds, trial);
  };
  for (int thread = 1; thread < threads_; ++thread) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
}

std::uint64_t Population::next_chain_number() {
  const std::lock_guard lock(mutex_);
  return next_chain_++;
}

void Population::run_chain(std::uint64_t number, double seconds, bool trial) {
  Chain chain(core_->flat.view(), core_->noise, seed_, number);
  RandomStream random(seed_, ~number);
  const double begin = clock_.seconds();
  for (;;) {
    const double passed = clock_.seconds() - begin;
    const double left = std::min(seconds - passed, clock_.seconds_left());
    if (clock_.expired() || (clock_.timed() && left <= 0)) break;
    RoundKind kind = RoundKind::kTrial;
    if (!trial)
      kind = book_.full_chosen() < full_descents() ? RoundKind::kFull : RoundKind::kFollowing;
    double length = trial ? seconds / kTrials : full_length(chain, passed, seconds);
    if (kind == RoundKind::kFollowing) length *= kFollowingShare;
    if (left < 1.6 * length) length = left;
    run_round(chain, random, kind, length);
    if (!clock_.timed()) break;
  }
  const std::lock_guard lock(mutex_);
  counters_ += chain.counters();
}

double Population::full_length(const Chain& chain, double passed, double seconds) const {
  const auto visits = static_cast<double>(chain.counters().visits());
  const double rate = visits > 0 ? visits / std::max(passed, 1e-3) : kGuessedRate;
  const double length = kVisitsPerDescent * core_->num_connected / rate;
  return std::clamp(length, kLeastShare * seconds, kMostShare * seconds);
}

std::int64_t Population::full_descents() const {
  // With good plans at hand (from dives), half of the threads go on from those.
  return elites_.all().empty() ? threads_ : threads_ / 2;
}

void Population::hurry() {
  const auto chain = make_chain();
  chain->start(least_usage(core_->model),
               std::vector<float>(static_cast<std::size_t>(core_->model.num_times()), 0.0F));
  descend(*chain, {}, "first", [&](const auto& look) {
    look(*chain);
    for (int k = 0; k < kHurriedVisits && !clock_.expired(); ++k) {
      chain->sweep_loners(0);
      chain->run(0, core_->num_connected);
      look(*chain);
    }
  });
}

std::unique_ptr<Chain> Population::make_chain() {
  return std::make_unique<Chain>(core_->flat.view(), core_->noise, seed_, next_chain_number());
}

Cost Population::polish(Chain& chain, RandomStream& random, const Assignment& values) {
  RoundPolicy policy;
  policy.heat = kPolishHeats[random.below(std::size(kPolishHeats))];
  policy.cooling = kPolishCooling;
  const double rate = rate_ > 0 ? rate_.load() : kGuessedRate;
  chain.policy().least_log2_tree = 3;
  chain.start(values, prices_);
  const std::int64_t visits = chain.counters().visits();
  const double begin = clock_.seconds();
  const double seconds = kPolishVisits * core_->num_connected / rate;
  const auto cost = descend(chain, elites_.all(), "polish", [&](const auto& look) {
    look(chain);
    const auto plan = plan_descent(policy, *core_, clock_, reference_cost(), seconds);
    anneal(chain, plan, clock_, look);
  });
  const double passed = clock_.seconds() - begin;
  if (passed > 0) rate_ = static_cast<double>(chain.counters().visits() - visits) / passed;
  return cost ? *cost : cost_of(core_->model, values);
}

void Population::run_round(Chain& chain, RandomStream& random, RoundKind kind, double seconds) {
  const std::size_t choice = clock_.timed() ? book_.choose(kind, random) : 0;
  const RoundPolicy& policy = PolicyBook::policy(choice);
  // Where the clock counts epochs, nothing may depend on which thread is the faster.
  const auto elites = clock_.timed() ? elites_.all() : first_elites_;
  if (policy.fresh || elites.empty()) {
    const auto pick = random.below(static_cast<std::uint32_t>(decodings_.size()));
    chain.start(decodings_[pick], prices_);
  } else {
    // Two draws, the better one: the best elites are favoured, the others are not forgotten.
    const auto count = static_cast<std::uint32_t>(elites.size());
    const Elite& elite = elites[std::min(random.below(count), random.below(count))];
    chain.start(elite.values, elite.prices.empty() ? prices_ : elite.prices);
  }
  chain.policy().least_log2_tree = random.below(2) == 0 ? 3 : 4;

  const AnnealingPlan plan = plan_descent(policy, *core_, clock_, reference_cost(), seconds);
  const std::string note =
      (policy.tabu ? "tabu" : "anneal") + std::string(" by policy ") + std::to_string(choice);
  const auto cost = descend(chain, elites, note, [&](const auto& look) {
    if (!policy.tabu) return anneal(chain, plan, clock_, look);
    Tabu tabu(chain, tabu_rule(core_->num_connected), seed_, kTabuStream + random.word());
    const TabuPlan steps{plan.seconds, plan.visits_per_epoch, plan.epochs, plan.rule};
    tabu_search(chain, tabu, steps, clock_, look);
    look(chain);  // where it found nothing, that is what it came to
  });
  if (cost) book_.reward(choice, *cost);
}

std::optional<Cost> Population::descend(Chain& chain, std::span<const Elite> elites,
                                        const std::string& note, const Descent& run) {
  std::optional<Elite> best;
  std::int64_t counted = chain.counters().visits();
  const auto look = [&](const Chain& now, const std::string& by) {
    pool_.count_visits(now.counters().visits() - counted);
    counted = now.counters().visits();
    if (!now.fits()) return;
    Cost cost = core_->model.constant;
    cost += Cost{now.account().forbidden, now.account().finite};
    if (best && best->cost <= cost) return;
    best = Elite{now.values(), {now.prices().begin(), now.prices().end()}, cost};
    pool_.offer(core_->reducer, core_->model, best->values, by + on_chain(chain));
  };
  run([&](Chain& now) { look(now, note); });
  if (!best) return std::nullopt;
  const Cost found = best->cost;
  chain.start(best->values, best->prices);
  for (const Elite& elite : elites) chain.absorb(elite.values);
  look(chain, "cross");
  elites_.add(std::move(*best));
  return found;
}

double Population::reference_cost() const {
  return typical_cost(*core_, decodings_.front(), pool_, clock_);
}

MoveCounters Population::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace warpshard
