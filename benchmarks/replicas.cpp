// Compares ways of using one or several chains at equal work: replicas FILE VISITS FIRST_SEED
// LAST_SEED [METHOD...]. VISITS are variable visits per run, shared by all chains of a method.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "host/bound/dual_ascent.h"
#include "host/portfolio/core.h"
#include "host/reduce/reducer.h"
#include "host/search/annealing.h"
#include "host/search/tabu.h"
#include "kernels/island.h"
#include "warpshard/load.h"

namespace {

using namespace warpshard;

enum class Sharing {
  kNothing,   ///< chains anneal one after the other, each with prices of its own
  kPrices,    ///< side by side, with common prices
  kExchange,  ///< a ladder of temperatures; neighbours swap theirs
  kCooler,    ///< one chain: a descent, then a cooler one from its best plan, half the work each
  kTabu,      ///< one chain: a descent, then tabu search from its best plan
  kResample,  ///< one temperature; states are copied by Boltzmann weights as it falls
};

struct Method {
  std::string_view name;
  Sharing sharing;
  std::int32_t chains;
  float heat;   ///< of the first temperature, or the second descent's; as in RoundPolicy
  float width;  ///< hottest over coldest rung at any moment
  bool falls;   ///< the temperatures fall from epoch to epoch
};

constexpr std::array<Method, 14> kMethods{{
    {"independent-1", Sharing::kNothing, 1, 1, 1, true},
    {"independent-8", Sharing::kNothing, 8, 1, 1, true},
    {"cool-1", Sharing::kNothing, 1, 0.1F, 1, true},
    {"cool-8", Sharing::kNothing, 8, 0.1F, 1, true},
    {"common-prices-8", Sharing::kPrices, 8, 1, 1, true},
    {"falling-ladder-8", Sharing::kExchange, 8, 1, 8, true},
    {"fixed-ladder-8", Sharing::kExchange, 8, 1, 100, false},
    {"fixed-silent-8", Sharing::kPrices, 8, 1, 100, false},
    {"resampled-8", Sharing::kResample, 8, 1, 1, true},
    {"resampled-32", Sharing::kResample, 32, 1, 1, true},
    {"then-0.3", Sharing::kCooler, 1, 0.3F, 1, true},
    {"then-0.1", Sharing::kCooler, 1, 0.1F, 1, true},
    {"then-0.03", Sharing::kCooler, 1, 0.03F, 1, true},
    {"then-tabu", Sharing::kTabu, 1, 1, 1, true},
}};
constexpr std::int32_t kEpochs = 300;
constexpr float kCooling = 100;
constexpr float kFollowingCooling = 30;
constexpr float kTolerance = 0.2F;
constexpr std::int64_t kAscentRounds = 300;

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// What all runs over one instance start from.
struct Start {
  explicit Start(Reducer reducer) : core(std::move(reducer)) {
    DualAscent ascent(core.model, core.flat, {});
    ascent.run_rounds(kAscentRounds);
    values = ascent.decode(0, 1);
    prices.assign(ascent.prices().begin(), ascent.prices().end());
    const Cost cost = cost_of(core.model, values);
    plan.hottest = static_cast<float>(std::max(1.0, std::abs(static_cast<double>(cost.finite))) /
                                      std::max(1, core.num_connected));
    plan.coldest = plan.hottest / kCooling;
    plan.epochs = kEpochs;
    plan.tolerance = kTolerance;
  }
  Core core;
  Assignment values;
  std::vector<float> prices;
  AnnealingPlan plan;
};

/// The cheapest state within the limit that any chain was in at the end of an epoch.
class Best {
 public:
  void look(const Chain& chain) {
    if (!(chain.account() < best_) || !chain.fits()) return;
    best_ = chain.account();
    values_ = chain.values();
    prices_.assign(chain.prices().begin(), chain.prices().end());
  }
  const CostAccount& account() const { return best_; }
  /// Puts the chain into that state, if there is one.
  void restore(Chain& chain) const {
    if (!values_.empty()) chain.start(values_, prices_);
  }

 private:
  CostAccount best_{INT64_MAX, INT64_MAX};
  Assignment values_;
  std::vector<float> prices_;
};

/// Chains that share prices and look at each other between epochs.
class Group {
 public:
  Group(const Start& start, const Method& method, std::uint64_t seed)
      : start_(start),
        method_(method),
        random_(seed, kExchangeStream),
        prices_(start.prices),
        ladder_(static_cast<std::size_t>(method.chains)) {
    std::iota(ladder_.begin(), ladder_.end(), 0);
    for (std::int32_t c = 0; c < method.chains; ++c) {
      chains_.push_back(std::make_unique<Chain>(start.core.flat.view(), start.core.noise, seed,
                                                static_cast<std::uint64_t>(c)));
      chains_.back()->start(start.values, prices_);
      chains_.back()->policy().least_log2_tree = 3;
    }
  }

  void run(std::int64_t visits, Best& best) {
    const std::int64_t per_epoch = visits / kEpochs / method_.chains;
    for (std::int32_t epoch = 0; epoch < kEpochs; ++epoch) {
      const double share = static_cast<double>(epoch) / kEpochs;
      const float tolerance = tolerance_at(start_.plan, share);
      for (std::int32_t r = 0; r < method_.chains; ++r) {
        Chain& chain = *chains_[ladder_[r]];
        chain.limit_memory(tolerance);
        chain.sweep_loners(temperature(r, share));
        chain.run(temperature(r, share), per_epoch);
        best.look(chain);
      }
      if (method_.sharing == Sharing::kExchange) exchange(epoch, share);
      if (method_.sharing == Sharing::kResample)
        resample(temperature(0, share), temperature(0, static_cast<double>(epoch + 1) / kEpochs));
      follow();
    }
  }

 private:
  float temperature(std::int32_t rung, double share) const {
    const double cooled = method_.falls ? std::pow(kCooling, -share) : 1 / kCooling;
    const double place = static_cast<double>(rung) / std::max(1, method_.chains - 1);
    return static_cast<float>(method_.heat * start_.plan.hottest * cooled *
                              std::pow(method_.width, place));
  }

  double energy(std::int32_t c) const {
    const auto slack = chains_[c]->slack();
    double sum = static_cast<double>(chains_[c]->account().finite) +
                 static_cast<double>(start_.core.flat.forbidden_cost) *
                     static_cast<double>(chains_[c]->account().forbidden);
    for (std::size_t t = 0; t < slack.size(); ++t)
      sum -= static_cast<double>(prices_[t]) * slack[t];
    return sum;
  }

  double uniform() { return random_.word() / 4294967296.0; }

  void exchange(std::int32_t epoch, double share) {
    for (std::int32_t r = epoch % 2; r + 1 < method_.chains; r += 2) {
      const double chance = swap_chance(energy(ladder_[r]), energy(ladder_[r + 1]),
                                        temperature(r, share), temperature(r + 1, share));
      if (uniform() < chance) std::swap(ladder_[r], ladder_[r + 1]);
    }
  }

  /// Systematic resampling: a chain's expected number of copies is proportional to its weight
  /// (Hukushima, Iba: "Population annealing and its application to a spin glass", 2003).
  void resample(float now, float next) {
    std::vector<double> weights;
    for (std::int32_t c = 0; c < method_.chains; ++c) weights.push_back(energy(c));
    const double least = *std::min_element(weights.begin(), weights.end());
    for (double& weight : weights) weight = std::exp(-(weight - least) * (1.0 / next - 1.0 / now));
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::int32_t> copies(weights.size(), 0);
    double sum = 0;
    double mark = uniform();
    for (std::size_t c = 0; c < weights.size(); ++c) {
      sum += weights[c] / total * method_.chains;
      for (; mark < sum; mark += 1) ++copies[c];
    }
    std::vector<std::int32_t> vacant;
    for (std::size_t c = 0; c < copies.size(); ++c)
      if (copies[c] == 0) vacant.push_back(static_cast<std::int32_t>(c));
    for (std::size_t c = 0; c < copies.size(); ++c) {
      for (; copies[c] > 1 && !vacant.empty(); --copies[c], vacant.pop_back())
        chains_[vacant.back()]->start(chains_[c]->values(), prices_);
    }
  }

  /// Prices answer to the mean slack of the coldest quarter, or of all at one temperature.
  void follow() {
    const bool one = method_.width <= 1;
    const std::int32_t followed = one ? method_.chains : (method_.chains + 3) / 4;
    std::vector<std::int64_t> slack(prices_.size(), 0);
    for (std::int32_t r = 0; r < followed; ++r) {
      const auto row = chains_[ladder_[r]]->slack();
      for (std::size_t t = 0; t < row.size(); ++t) slack[t] += row[t];
    }
    const double sum = std::accumulate(prices_.begin(), prices_.end(), 0.0);
    const auto mean = static_cast<float>(sum / static_cast<double>(prices_.size()));
    for (std::size_t t = 0; t < prices_.size(); ++t)
      prices_[t] = follow_price(start_.plan.rule, prices_[t], mean,
                                static_cast<std::int32_t>(slack[t] / followed),
                                start_.core.flat.capacity[t], start_.core.flat.price_ceiling);
    for (auto& chain : chains_) chain->set_prices(prices_);
  }

  const Start& start_;
  const Method& method_;
  RandomStream random_;
  std::vector<float> prices_;
  std::vector<std::unique_ptr<Chain>> chains_;
  std::vector<std::int32_t> ladder_;  ///< chain at each rung, the coldest first
};

/// Runs the plan's epochs by their number alone.
SearchClock endless_clock() {
  static const std::atomic<bool> never = false;
  return {std::chrono::steady_clock::now(), std::chrono::steady_clock::time_point::max(), kEpochs,
          never};
}

void run_independent(const Start& start, const Method& method, std::uint64_t seed,
                     std::int64_t visits, Best& best) {
  const SearchClock clock = endless_clock();
  AnnealingPlan plan = start.plan;
  plan.hottest *= method.heat;
  plan.coldest *= method.heat;
  plan.visits_per_epoch = visits / kEpochs / method.chains;
  for (std::int32_t c = 0; c < method.chains; ++c) {
    Chain chain(start.core.flat.view(), start.core.noise, seed, static_cast<std::uint64_t>(c));
    chain.start(start.values, start.prices);
    chain.policy().least_log2_tree = 3;
    anneal(chain, plan, clock, [&](Chain& now) { best.look(now); });
  }
}

void run_in_two_halves(const Start& start, const Method& method, std::uint64_t seed,
                       std::int64_t visits, Best& best) {
  const SearchClock clock = endless_clock();
  const auto look = [&](Chain& now) { best.look(now); };
  AnnealingPlan plan = start.plan;
  plan.visits_per_epoch = visits / kEpochs / 2;
  Chain chain(start.core.flat.view(), start.core.noise, seed, 0);
  chain.start(start.values, start.prices);
  chain.policy().least_log2_tree = 3;
  anneal(chain, plan, clock, look);
  best.restore(chain);
  if (method.sharing == Sharing::kTabu) {
    Tabu tabu(chain, tabu_rule(start.core.num_connected), seed, 1);
    tabu_search(chain, tabu, TabuPlan{plan.seconds, plan.visits_per_epoch, kEpochs, plan.rule},
                clock, look);
    return;
  }
  plan.hottest *= method.heat;
  plan.coldest = plan.hottest / kFollowingCooling;
  plan.tolerance = 0;
  anneal(chain, plan, clock, look);
}

void run(const Start& start, const Method& method, std::uint64_t seed, std::int64_t visits,
         Best& best) {
  switch (method.sharing) {
    case Sharing::kNothing:
      return run_independent(start, method, seed, visits, best);
    case Sharing::kCooler:
    case Sharing::kTabu:
      return run_in_two_halves(start, method, seed, visits, best);
    case Sharing::kPrices:
    case Sharing::kExchange:
    case Sharing::kResample:
      return Group(start, method, seed).run(visits, best);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: replicas FILE VISITS FIRST_SEED LAST_SEED [METHOD...]\n");
    return 2;
  }
  const auto problem = load_problem(argv[1]);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return 1;
  }
  auto reducer = Reducer::create(*problem, {});
  if (!reducer || reducer->run() != ReductionVerdict::kOpen) return 1;
  const Start start(std::move(*reducer));
  const std::int64_t visits = std::atoll(argv[2]);
  for (std::int64_t seed = std::atoll(argv[3]); seed <= std::atoll(argv[4]); ++seed) {
    for (const Method& method : kMethods) {
      if (argc > 5 && std::find(argv + 5, argv + argc, method.name) == argv + argc) continue;
      const double begin = cpu_seconds();
      Best best;
      run(start, method, static_cast<std::uint64_t>(seed), visits, best);
      const double cost = static_cast<double>(start.core.model.constant.finite) +
                          static_cast<double>(best.account().finite);
      std::printf("%-17s seed %ld: %.6e, %ld forbidden, %.1f s\n", method.name.data(),
                  static_cast<long>(seed), cost, static_cast<long>(best.account().forbidden),
                  cpu_seconds() - begin);
      std::fflush(stdout);
    }
  }
  return 0;
}
