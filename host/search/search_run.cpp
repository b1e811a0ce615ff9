#include "host/search/search_run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "host/bound/certificate.h"

namespace warpshard {
namespace {

/// Shares of a run: first prices, first rounds, then in turns fresh prices and longer rounds.
constexpr double kFirstAscent = 0.04;
constexpr double kFirstSearch = 0.16;
constexpr double kLaterAscent = 0.05;
constexpr double kLaterSearch = 0.30;
/// Rounds of the ascent where the clock counts work instead of time.
constexpr std::int64_t kAscentRounds = 200;
/// Decodings to start from: noise scales as shares of the cost per connected variable.
constexpr double kDecodingNoise[] = {0.0, 0.01, 0.03, 0.1, 0.3, 1.0};

}  // namespace

SearchRun::SearchRun(CorePointer core, IncumbentPool& pool, SearchClock& clock,
                     SearchRunOptions options)
    : core_(nullptr), pool_(pool), clock_(clock), options_(std::move(options)) {
  adopt(std::move(core));
}

void SearchRun::log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

void SearchRun::adopt(CorePointer core) {
  std::vector<Plan> plans;
  if (population_)
    for (const Elite& elite : population_->elites())
      plans.push_back(core_->reducer.lift(elite.values));
  population_.reset();
  ascent_.reset();
  core_ = std::move(core);
  DualOptions dual;
  dual.threads = options_.threads;
  dual.seed = options_.seed;
  ascent_ = std::make_unique<DualAscent>(core_->model, core_->flat, dual);
  population_ = std::make_unique<Population>(core_, pool_, clock_, options_.seed + ++generation_,
                                             options_.threads);
  for (const Plan& plan : plans) {
    const Assignment values = core_->reducer.project(plan);
    if (!values.empty()) population_->add_elite(values);
  }
}

void SearchRun::run(double seconds) {
  if (core_->model.num_variables() == 0) {
    pool_.offer(core_->reducer, core_->model, {}, "reduced away");
    if (core_->model.constant.forbidden == 0) pool_.raise_bound(core_->model.constant.finite);
    return;
  }
  const double begin = clock_.seconds();
  ascend(kFirstAscent * seconds);
  search(kFirstSearch * seconds);
  while (clock_.timed() && !clock_.expired()) {
    ascend(kLaterAscent * seconds);
    if (shrink()) ascend(0.2 * kLaterAscent * seconds);
    const double passed = clock_.seconds() - begin;
    if (!pool_.cost() && passed > options_.trial_share * seconds) break;
    const double left = seconds - passed;
    if (left <= 0) break;
    const double next = (kLaterSearch + kLaterAscent) * seconds;
    search(left < 1.5 * next ? left : kLaterSearch * seconds);
  }
}

void SearchRun::ascend(double seconds) {
  if (const auto cost = pool_.cost(); cost && cost->forbidden == 0)
    ascent_->set_incumbent(static_cast<double>(cost->finite));
  if (clock_.timed()) {
    const auto length = std::chrono::duration<double>(std::min(seconds, clock_.seconds_left()));
    std::atomic<bool> stop{false};
    ascent_->run(std::chrono::steady_clock::now() +
                     std::chrono::duration_cast<std::chrono::steady_clock::duration>(length),
                 stop);
  } else {
    ascent_->run_rounds(kAscentRounds);
  }
  publish_bound();
}

void SearchRun::publish_bound() {
  if (options_.allow_forbidden) return;
  const auto certified = certified_bound(core_->model, ascent_->certificate());
  if (!certified || certified->none_allowed) return;
  // Values whose every plan is dearer than the incumbent are gone from a shrunken core.
  Int128 bound = certified->bound;
  if (const auto cost = pool_.cost(); cost && generation_ > 1)
    bound = std::min(bound, cost->finite);
  pool_.raise_bound(bound);
  if (pool_.closed(options_.gap)) clock_.finish();
}

bool SearchRun::shrink() {
  return false;
}

void SearchRun::search(double seconds) {
  if (clock_.expired()) return;
  std::vector<Assignment> decodings;
  const double scale = std::abs(ascent_->bound()) / std::max(1, core_->num_connected);
  for (const double noise : kDecodingNoise)
    decodings.push_back(ascent_->decode(noise * scale, options_.seed + decodings.size()));
  const auto prices = ascent_->prices();
  population_->set_starts(std::move(decodings), {prices.begin(), prices.end()});
  population_->run(seconds);
}

}  // namespace warpshard
