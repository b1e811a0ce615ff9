#include "host/bound/step_rule.h"

#include <algorithm>
#include <cmath>

namespace warpshard {
namespace {

constexpr double kMomentum = 0.7;
constexpr std::int64_t kWindow = 20;

}  // namespace

StepRule::StepRule(StepMethod method, std::int64_t num_times)
    : method_(method),
      direction_(static_cast<std::size_t>(num_times), 0),
      squares_(static_cast<std::size_t>(num_times), 0) {}

void StepRule::observe(double bound, double target) {
  bound_ = bound;
  target_ = target;
  if (steps_ == 0) {
    best_ = window_best_ = bound;
    level_ = std::max(1.0, 0.05 * std::abs(bound));
  }
  best_ = std::max(best_, bound);
  if (++steps_ % kWindow == 0) {
    if (best_ - window_best_ > 0.3 * level_) {
      level_ *= 1.5;
    } else if (best_ - window_best_ < 0.1 * level_) {
      level_ *= 0.7;
    }
    window_best_ = best_;
  }
  const double least = 1e-9 * std::max(1.0, std::abs(best_));
  level_ = std::max(least, std::min(level_, target - best_));
}

void StepRule::step(std::span<double> prices, std::span<const double> gradient) {
  double norm = 0;
  double slope = 0;
  for (std::size_t t = 0; t < prices.size(); ++t) {
    const double free = prices[t] <= 0 && gradient[t] < 0 ? 0 : gradient[t];
    direction_[t] = kMomentum * direction_[t] + (1 - kMomentum) * free;
    norm += direction_[t] * direction_[t];
    slope += free * free;
  }
  // Usage is counted in whole quanta: less than a millionth of one is rounding, not a slope.
  if (slope <= 1e-12) return;
  // A direction that has all but cancelled out must not make the step long.
  const double length = level_ / std::max(norm, 0.1 * slope);
  for (std::size_t t = 0; t < prices.size(); ++t)
    prices[t] = std::max(0.0, prices[t] + length * direction_[t]);
}

}  // namespace warpshard
