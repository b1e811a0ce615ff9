#include "host/bound/step_rule.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace warpshard {
namespace {

constexpr double kMomentum = 0.95;
constexpr double kTemperature = 1e-3;  // of the level
constexpr std::int64_t kWindow = 20;   // rounds between changes of the level
constexpr double kGoodGain = 0.3;      // of the level and per window: aim higher
constexpr double kPoorGain = 0.1;      // aim lower
constexpr double kGrow = 1.5;
constexpr double kShrink = 0.7;
// Of the scale:
constexpr double kNegligibleLevel = 1e-7;
constexpr double kSecondLevel = 1e-3;
/// Cost units per quantum, of which a capacity has 2^28 at most.
constexpr double kNegligiblePrice = 1e-25;

}  // namespace

StepRule::StepRule(std::int64_t num_times, double scale, double first_level, double most_price)
    : direction_(static_cast<std::size_t>(num_times), 0),
      scale_(scale),
      most_price_(most_price),
      level_(first_level * scale) {}

void StepRule::observe(double bound, double target) {
  assert(std::isfinite(bound));
  if (rounds_ == 0) best_ = window_best_ = bound;
  best_ = std::max(best_, bound);
  if (++rounds_ % kWindow == 0) {
    if (best_ - window_best_ > kGoodGain * level_) {
      level_ *= kGrow;
    } else if (best_ - window_best_ < kPoorGain * level_) {
      level_ *= kShrink;
    }
    window_best_ = best_;
  }
  if (level_ < kNegligibleLevel * scale_) {
    level_ = kSecondLevel * scale_;
    ++restarts_;
  }
  if (target > best_) level_ = std::min(level_, target - best_);
}

double StepRule::temperature() const {
  return kTemperature * level_;
}

void StepRule::step(std::span<double> prices, std::span<const double> gradient) {
  double length_squared = 0;
  double slope = 0;
  for (std::size_t t = 0; t < prices.size(); ++t) {
    const double free = prices[t] <= 0 && gradient[t] < 0 ? 0 : gradient[t];
    direction_[t] = kMomentum * direction_[t] + (1 - kMomentum) * free;
    length_squared += direction_[t] * direction_[t];
    slope += free * free;
  }
  // Usage is counted in whole quanta: less than a millionth of one is rounding, not a slope.
  if (slope <= 1e-12) return;
  // A direction that has all but cancelled out must not make the step long.
  const double step = level_ / std::max(length_squared, 0.1 * slope);
  // Next to nothing is nothing: the least numbers that a float can hold are rounded.
  const double least_price = kNegligiblePrice * scale_;
  for (std::size_t t = 0; t < prices.size(); ++t) {
    const double price = std::min(prices[t] + step * direction_[t], most_price_);
    prices[t] = price < least_price ? 0 : price;
  }
}

}  // namespace warpshard
