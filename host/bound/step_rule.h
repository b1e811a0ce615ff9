#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace warpshard {

/// How prices move along the gradient.
enum class StepMethod {
  kPolyak,  ///< momentum on the smoothed gradient, Polyak's step length
  kAdam,    ///< per-price scaling by a running mean of squares
};

/// Step control of a price ascent. Knows nothing of the model.
class StepRule {
 public:
  StepRule(StepMethod method, std::int64_t num_times);

  /// Takes note of the bound found at the present prices. `target` is a value that the bound cannot
  /// exceed; infinite if unknown.
  void observe(double bound, double target);

  /// What the rule hopes to gain at present, cost units.
  double level() const { return level_; }

  /// Moves `prices` (in place, kept >= 0) along a gradient found at them; after observe().
  void step(std::span<double> prices, std::span<const double> gradient);

 private:
  StepMethod method_;
  std::vector<double> direction_;
  std::vector<double> squares_;
  double bound_ = 0;
  double best_ = 0;
  double target_ = 0;
  double window_best_ = 0;
  double level_ = 0;
  std::int64_t steps_ = 0;
};

}  // namespace warpshard
