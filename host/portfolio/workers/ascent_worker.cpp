#include "host/portfolio/workers/ascent_worker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "host/bound/certificate.h"
#include "host/model/cost_scale.h"
#include "host/portfolio/carry_over.h"
#include "host/portfolio/time_prices.h"

namespace warpshard {
namespace {

/// Noisy decodings beside the plain one, each with three times the noise of the one before.
constexpr int kNoisyDecodings = 2;
constexpr double kNoiseGrowth = 3;
/// On models where a sweep takes so long, a bound is not worth certifying before prices lead.
constexpr Work kLongSweep = 1'000'000;
/// Of the scale of costs: temperatures have a unit even where the best assignment costs nothing.
constexpr double kLeastHeat = 0.01;
/// Sweeps that settling and reading off take, and then what follows from it, in rounds.
constexpr Work kRoundsPerLook = 5;
constexpr Work kRoundsPerProof = 5;

}  // namespace

/// Rounds of the ascent, and what a look at it shows if it has come to one.
class AscentWorker::Stretch final : public Task {
 public:
  Stretch(AscentWorker& worker, const Pool& pool, std::int64_t rounds)
      : worker_(worker),
        core_(worker.core_),
        rounds_(rounds),
        noise_(pool.parameters().ascent.decoding_noise),
        incumbent_(pool.has_clean_plan() ? pool.cost() : std::nullopt),
        looks_(worker.rounds() + rounds >= worker.next_look_),
        lead_rounds_(lead_rounds(pool.parameters().ascent, *core_)),
        leads_(worker.rounds() + rounds >= lead_rounds_) {}

  void run(const StopToken& stop) override {
    if (worker_.ascent_ == nullptr) worker_.start(stop);
    if (worker_.ascent_ == nullptr) return;
    const std::int64_t before = ascent().rounds();
    if (incumbent_) ascent().set_incumbent(static_cast<double>(incumbent_->finite));
    ascent().run(stop, rounds_);
    work_ = (ascent().rounds() - before) * core_->rates.round;
    if (!looks_ || stop.stopped()) return;
    look(stop);
    work_ += kRoundsPerLook * core_->rates.round;
  }

  void synchronize(Pool& pool) override {
    worker_.busy_ = false;
    if (guide_ == nullptr) return;
    const AscentParameters& parameters = pool.parameters().ascent;
    const double gain = guide_->bound - worker_.last_bound_;
    const double rise = guide_->bound - static_cast<double>(core_->model.constant.finite);
    worker_.flat_ = ascent().rounds() >= lead_rounds_ && gain <= parameters.flat * rise;
    guide_->flat = worker_.flat_;
    worker_.last_bound_ = guide_->bound;
    worker_.next_look_ = next_look(parameters);
    worker_.owes_proof_ = !core_->allows_forbidden && (core_->rates.sweep <= kLongSweep || leads_);
    pool.set_guide(std::move(guide_));
  }

  Work work() const override { return work_; }

 private:
  DualAscent& ascent() const { return *worker_.ascent_; }

  std::int64_t next_look(const AscentParameters& parameters) const {
    const std::int64_t now = ascent().rounds();
    const auto more = static_cast<std::int64_t>((parameters.growth - 1) * static_cast<double>(now));
    const std::int64_t next =
        now + std::clamp(more, parameters.first_rounds, parameters.most_rounds);
    return now < lead_rounds_ ? std::min(next, lead_rounds_) : next;
  }

  void look(const StopToken& stop) {
    auto guide = std::make_shared<Guide>();
    guide->core = core_;
    guide->bound = ascent().bound();
    guide->rounds = ascent().rounds();
    guide->prices.assign(ascent().prices().begin(), ascent().prices().end());
    guide->state = AscentState(core_->model, core_->flat, ascent());
    decode(*guide, stop);
    if (!stop.stopped()) guide_ = std::move(guide);
  }

  void decode(Guide& guide, const StopToken& stop) {
    const double connected = std::max(1, core_->num_connected);
    const auto constant = static_cast<double>(core_->model.constant.finite);
    guide.decodings.push_back(ascent().decode(0, worker_.seed_, stop));
    if (stop.stopped()) return;
    // A decoding disregards memory, a first plan may cost many times as much as a good one: the
    // less of the two has the right magnitude.
    double cost = static_cast<double>(cost_of(core_->model, guide.decodings.front()).finite);
    if (incumbent_) cost = std::min(cost, static_cast<double>(incumbent_->finite));
    guide.heat_unit = std::max(kLeastHeat * ascent().scale(), cost - constant) / connected;
    if (!leads_) return;
    double noise = noise_ * std::max(0.0, ascent().bound() - constant) / connected;
    for (int k = 0; k < kNoisyDecodings; ++k, noise *= kNoiseGrowth)
      guide.decodings.push_back(
          ascent().decode(noise, worker_.seed_ + guide.decodings.size(), stop));
  }

  AscentWorker& worker_;
  CorePointer core_;
  std::int64_t rounds_;
  double noise_;
  std::optional<Cost> incumbent_;
  bool looks_;
  std::int64_t lead_rounds_;
  bool leads_;  ///< prices have come far enough for decodings that differ
  std::shared_ptr<Guide> guide_;
  Work work_ = 0;
};

/// What follows from what the latest look has shown, in integers: the guide does not wait for it.
class AscentWorker::Proof final : public Task {
 public:
  Proof(AscentWorker& worker, const Pool& pool)
      : worker_(worker),
        core_(worker.core_),
        incumbent_(pool.has_clean_plan() ? pool.cost() : std::nullopt) {
    seeks_values_ = incumbent_ && (worker.last_gap_ <= 0 || worker.gap_has_shrunk(pool));
    if (seeks_values_) worker.last_gap_ = worker.gap(pool);
  }

  void run(const StopToken& stop) override {
    DualAscent& ascent = *worker_.ascent_;
    const auto certified = certified_bound(core_->model, ascent.certificate(stop), stop);
    if (!certified || stop.stopped()) return;
    closed_ = certified->none_allowed;
    if (!closed_) bound_ = Cost{0, certified->bound};
    if (seeks_values_) removable_ = ascent.values_above(incumbent_->finite, stop);
  }

  void synchronize(Pool& pool) override {
    worker_.busy_ = worker_.owes_proof_ = false;
    if (bound_) {
      // Values whose every plan is dearer than the incumbent are gone from a shrunken core.
      const Cost bound = pool.best() ? std::min(*bound_, *pool.cost()) : *bound_;
      pool.raise_bound(bound, worker_.name());
    }
    worker_.closed_ = closed_;
    pool.propose_removal(core_, removable_);
  }

  Work work() const override { return kRoundsPerProof * core_->rates.round; }

 private:
  AscentWorker& worker_;
  CorePointer core_;
  std::optional<Cost> incumbent_;
  bool seeks_values_ = false;
  std::optional<Cost> bound_;
  bool closed_ = false;
  std::vector<std::pair<std::int32_t, std::int32_t>> removable_;
};

/// Of the incumbent and the bound that the last look has shown.
double AscentWorker::gap(const Pool& pool) const {
  if (!pool.has_clean_plan()) return std::numeric_limits<double>::infinity();
  return static_cast<double>(pool.cost()->finite) - last_bound_;
}

/// By so much that more values may be too dear than when they were last looked for.
bool AscentWorker::gap_has_shrunk(const Pool& pool) const {
  return last_gap_ > 0 && gap(pool) < pool.parameters().ascent.shrinks * last_gap_;
}

std::int64_t AscentWorker::rounds() const {
  if (ascent_ != nullptr) return ascent_->rounds();
  return last_ascent_ != nullptr ? last_ascent_->rounds() : 0;
}

bool AscentWorker::ready(const Pool& pool) const {
  if (busy_ || pool.core() == nullptr || pool.core()->model.num_variables() == 0) return false;
  return pool.core() != core_ || !closed_;
}

double AscentWorker::weight(const Pool& pool) const {
  const AscentParameters& parameters = pool.parameters().ascent;
  return flat_ && pool.core() == core_ ? parameters.idle_weight : parameters.weight;
}

void AscentWorker::begin(const Pool& pool, CorePointer core) {
  if (ascent_ != nullptr) {
    last_core_ = std::move(core_);
    last_ascent_ = std::move(ascent_);
  }
  core_ = std::move(core);
  if (last_core_ != nullptr && last_core_->allows_forbidden != core_->allows_forbidden) {
    last_core_ = nullptr;
    last_ascent_ = nullptr;
  }
  first_level_ = pool.parameters().ascent.first_level;
  next_look_ = rounds() + pool.parameters().ascent.first_rounds;
  last_bound_ = -std::numeric_limits<double>::infinity();
  last_gap_ = 0;
  flat_ = closed_ = owes_proof_ = false;
}

void AscentWorker::start(const StopToken& stop) {
  DualOptions options;
  options.first_level = first_level_;
  options.scale = cost_scale(core_->model, stop);
  if (stop.stopped()) return;
  if (last_ascent_ != nullptr) {
    const WarmStart last(last_core_->model, last_core_->flat, *last_ascent_);
    const WarmStart start = carried_over(*last_core_, last, *core_);
    ascent_ = std::make_unique<DualAscent>(core_->model, core_->flat, start.options(options));
    start.state.hand_to(*ascent_, core_->model, core_->flat);
    last_core_ = nullptr;
    last_ascent_ = nullptr;
    return;
  }
  ascent_ = std::make_unique<DualAscent>(core_->model, core_->flat, options);
  if (!prices_.empty()) ascent_->set_prices(prices_at_times(*core_, prices_));
  prices_.clear();
}

void AscentWorker::transfer(SearchArchive& archive, Pool& pool) {
  if (ascent_ == nullptr && last_ascent_ != nullptr) {
    // What has not been started on a smaller core is begun there again.
    core_ = std::move(last_core_);
    ascent_ = std::move(last_ascent_);
  }
  CorePointer core = ascent_ != nullptr ? core_ : nullptr;
  archive.core(core);
  if (core == nullptr) return;
  if (archive.reading()) {
    begin(pool, std::move(core));
    start({});
  }
  ascent_->transfer(archive);
  archive(next_look_, last_bound_, last_gap_, flat_, owes_proof_, closed_);
}

std::unique_ptr<Task> AscentWorker::task(Pool& pool, Work work) {
  if (core_ != pool.core()) begin(pool, pool.core());
  busy_ = true;
  if (owes_proof_ || gap_has_shrunk(pool)) return std::make_unique<Proof>(*this, pool);
  const std::int64_t left = std::max<std::int64_t>(1, next_look_ - this->rounds());
  const std::int64_t rounds = std::max<std::int64_t>(1, work / core_->rates.round);
  return std::make_unique<Stretch>(*this, pool, std::min(left, rounds));
}

}  // namespace warpshard
