#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/bound/price_program.h"
#include "host/model/archive.h"

namespace warpshard {

/// Step control of a price ascent: heavy-ball momentum on a smoothed gradient, straight or bent by
/// what is known of how usage gives way, with a step length that aims at a gain of `level` cost
/// units. The level grows while windows of rounds reach a good part of it and shrinks while they do
/// not; temperature and step length follow it, so nothing is tuned to an instance. Once the level
/// has become negligible it starts again from a higher one, which gets the messages out of fixed
/// points that are not optima. Knows nothing of the model.
class StepRule {
 public:
  /// `scale` is that of the model's costs (see cost_scale()), `first_level` a part of it. No price
  /// rises above `most_price`.
  StepRule(std::int64_t num_times, double scale, double first_level, double most_price);

  /// Takes note of the bound found at the present prices. `target` is a value that the bound cannot
  /// exceed; infinite if unknown.
  void observe(double bound, double target);

  /// The scale (cost units) at which the next gradient is to be smoothed.
  double temperature() const;

  /// Moves `prices` (in place, kept >= 0) along a gradient found at them; after observe().
  void step(std::span<double> prices, std::span<const double> gradient);
  /// The same, to where the model of `program` is highest for that length.
  void step(std::span<double> prices, std::span<const double> gradient, PriceProgram& program);

  double most_price() const { return most_price_; }

  /// What the rule hopes to gain with a step, cost units.
  double level() const { return level_; }

  /// For checkpoints: all that is not given to the constructor.
  void transfer(Archive& archive) {
    archive(direction_, best_, window_best_, level_, rounds_, restarts_);
  }

  /// How often the level has started again.
  std::int64_t restarts() const { return restarts_; }

 private:
  double allowed(double price) const;

  std::vector<double> direction_;  ///< [times] running mean of gradients
  double scale_;
  double most_price_;
  double best_ = 0;
  double window_best_ = 0;  ///< best_ when the present window began
  double level_;
  std::int64_t rounds_ = 0;
  std::int64_t restarts_ = 0;
  std::vector<std::int32_t> times_;  ///< scratch: those whose price may move; the next are by them
  std::vector<double> floor_;
  std::vector<double> slopes_;
  std::vector<double> along_;
  std::vector<double> move_;
};

}  // namespace warpshard
