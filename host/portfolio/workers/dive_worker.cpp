#include "host/portfolio/workers/dive_worker.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "host/search/dive_run.h"

namespace warpshard {
namespace {

/// Heats of the descent after a dive, of which one is drawn.
constexpr double kPolishHeats[] = {0.01, 0.03, 0.1};

}  // namespace

bool DiveWorker::may_begin(const Pool& pool) const {
  const GuidePointer& guide = pool.guide();
  if (guide == nullptr || pool.core()->allows_forbidden) return false;
  return begun_ < static_cast<std::uint64_t>(parameters_.first) || guide->flat || renewed(*guide) ||
         from_these_ < std::max(1, pool.concurrency() / 2);
}

bool DiveWorker::renewed(const Guide& guide) const {
  const auto rounds = static_cast<double>(guide.rounds);
  const auto last = static_cast<double>(last_rounds_);
  return rounds < last || rounds >= parameters_.renewal * last;
}

double DiveWorker::weight(const Pool& pool) const {
  if (finished_ < parameters_.first) return parameters_.first_weight;
  // Before each kind has been tried twice, their best says little.
  if (!best_ || !pool.has_clean_plan() || finished_ <= 2 * parameters_.kinds)
    return parameters_.weight;
  const auto kinds = static_cast<double>(parameters_.kinds);
  const double weight = parameters_.weight * kinds / (kinds + static_cast<double>(barren_));
  const auto plan = static_cast<double>(pool.cost()->finite);
  const auto constant = static_cast<double>(pool.core()->model.constant.finite);
  const double behind = static_cast<double>(best_->finite) - plan;
  const bool rests = behind > parameters_.behind * (plan - constant);
  return weight * (rests ? parameters_.behind_weight : 1);
}

DiveOptions DiveWorker::options(std::uint64_t number) const {
  DiveOptions options;
  options.seed = seed_ + number;
  if (number == 0) {
    options.rounds = static_cast<std::int64_t>(parameters_.hasty_rounds);
    options.share = parameters_.hasty_share;
    return options;
  }
  const auto kinds = static_cast<std::uint64_t>(parameters_.kinds);
  const auto kind = static_cast<double>((number - 1) % kinds);
  options.rounds =
      static_cast<std::int64_t>(parameters_.first_rounds * std::pow(parameters_.growth, kind));
  options.share = parameters_.first_share * std::pow(parameters_.shrink, kind);
  options.noise = number <= kinds ? 0 : parameters_.noise;
  // Every other one, and of each kind every other one: which is better differs from model to model.
  options.bent = (number + (number - 1) / kinds) % 2 == 0;
  return options;
}

std::unique_ptr<Job> DiveWorker::begin(const Pool& pool) {
  DiveRun::Polish polish;
  polish.visits = std::min(parameters_.polish_visits, parameters_.first_polish * polish_growth_);
  polish.heat = kPolishHeats[random_.below(std::size(kPolishHeats))];
  const std::uint64_t number = begun_++;
  if (renewed(*pool.guide())) {
    last_rounds_ = pool.guide()->rounds;
    from_these_ = 0;
  }
  ++from_these_;
  return std::make_unique<DiveRun>(pool.guide(), options(number), polish, seed_,
                                   kPolishing + number);
}

void DiveWorker::transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) {
  transfer_with_guide<DiveRun>(archive, job);
}

void DiveWorker::transfer_lessons(SearchArchive& archive) {
  archive(random_, begun_, finished_, last_rounds_, from_these_, polish_growth_, barren_, best_);
}

void DiveWorker::finished(const Job& job, const Pool& /*pool*/) {
  ++finished_;
  if (parameters_.first_polish * polish_growth_ < parameters_.polish_visits)
    polish_growth_ *= parameters_.growth;
  ++barren_;
  if (!job.best() || (best_ && *best_ <= job.best()->cost)) return;
  best_ = job.best()->cost;
  barren_ = 0;
}

}  // namespace warpshard
