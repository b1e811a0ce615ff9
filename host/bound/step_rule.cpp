#include "host/bound/step_rule.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace warpshard {
namespace {

constexpr double kMomentum = 0.95;
constexpr double kBentMomentum = 0.8;
constexpr double kTemperature = 1e-3;  // of the level
/// A direction counts as this part of the gradient's own length squared at least: one that has all
/// but cancelled out must not make the step long.
constexpr double kCancelled = 0.1;
/// Usage is counted in whole quanta: less than a millionth of one is rounding, not a slope.
constexpr double kNoSlope = 1e-12;
/// Tolerances of the quadratic programs.
constexpr double kRoughly = 0.1;
constexpr double kNearly = 1e-3;
constexpr std::int64_t kWindow = 20;  // rounds between changes of the level
constexpr double kGoodGain = 0.3;     // of the level and per window: aim higher
constexpr double kPoorGain = 0.1;     // aim lower
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

/// Next to nothing is nothing: the least numbers that a float can hold are rounded.
double StepRule::allowed(double price) const {
  return price < kNegligiblePrice * scale_ ? 0 : std::min(price, most_price_);
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
  if (slope <= kNoSlope) return;
  const double step = level_ / std::max(length_squared, kCancelled * slope);
  for (std::size_t t = 0; t < prices.size(); ++t)
    prices[t] = allowed(prices[t] + step * direction_[t]);
}

void StepRule::step(std::span<double> prices, std::span<const double> gradient,
                    PriceProgram& program) {
  times_.clear();
  floor_.clear();
  slopes_.clear();
  along_.clear();
  double slope_squared = 0;
  for (std::size_t t = 0; t < prices.size(); ++t) {
    const double slope = prices[t] <= 0 && gradient[t] < 0 ? 0 : gradient[t];
    slope_squared += slope * slope;
    direction_[t] = kBentMomentum * direction_[t] + (1 - kBentMomentum) * slope;
    if (prices[t] <= 0 && direction_[t] <= 0) continue;
    times_.push_back(static_cast<std::int32_t>(t));
    floor_.push_back(-prices[t]);
    slopes_.push_back(slope);
    along_.push_back(direction_[t]);
  }
  if (slope_squared <= kNoSlope) return;
  program.open(times_);
  const double least_gain = kCancelled * program.solve(slopes_, kRoughly, move_);
  const double gain = program.solve(along_, kNearly, move_);
  if (!(std::max(gain, least_gain) > 0)) return;
  const double reach = level_ / std::max(gain, least_gain);
  for (std::size_t i = 0; i < times_.size(); ++i) {
    along_[i] *= reach;
    move_[i] *= reach;
  }
  program.solve_above(floor_, along_, kNearly, move_);
  for (std::size_t i = 0; i < times_.size(); ++i) {
    double& price = prices[times_[i]];
    price = allowed(price + move_[i]);
  }
}

}  // namespace warpshard
