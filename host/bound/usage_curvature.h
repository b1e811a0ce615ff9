#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/bound/sweeps.h"
#include "host/model/flat_model.h"
#include "kernels/trws.h"

namespace warpshard {

/// How expected usage gives way where prices rise, as far as variables can be taken one by one:
///
///   H = sum over v of cov_v(usage, usage) / temperature, [times][times], quanta^2 per cost unit
///
/// where variable v takes its value d with weight exp(-(min-marginal - least) / temperature): minus
/// the derivative of the gradient that prices follow. Neighbouring times watch nearly the same
/// variables, so H is anything but diagonal. It is kept by spans: variables that are live for the
/// same stretch of time share one. Of variables with many segments only neighbouring ones are taken
/// together, a part that is positive semidefinite as the whole is.
class UsageCurvature {
 public:
  struct Span {
    std::int32_t begin = 0;
    std::int32_t end = 0;  ///< half-open
  };
  /// Usage in one span and in another (or the same one) vary together.
  struct Pair {
    std::int32_t first = 0;   ///< index into spans()
    std::int32_t second = 0;  ///< likewise; first or a later one
  };

  /// Refers to both, which must outlive it.
  UsageCurvature(const FlatModel& flat, const Sweeps& sweeps);

  /// Makes H anew from priced unary rows and min-marginals after a pass; `temperature` in cost
  /// units.
  void collect(const TrwsView& rows, double temperature);

  std::int32_t num_times() const { return static_cast<std::int32_t>(flat_.capacity.size()); }
  std::span<const Span> spans() const { return spans_; }
  std::span<const Pair> pairs() const { return pairs_; }
  /// [pairs] quanta^2 per cost unit: what each adds to H in all times of its first span and of its
  /// second one, and the other way round
  std::span<const double> covariances() const { return covariances_; }

 private:
  void take(std::int32_t v, const float* row, float temperature);

  const FlatModel& flat_;
  const Sweeps& sweeps_;
  std::vector<Span> spans_;
  std::vector<Pair> pairs_;
  std::vector<std::int32_t> pair_offsets_{0};  ///< [variables + 1]
  std::vector<std::int32_t>
      pair_of_;                      ///< of each variable's segments i and j <= i of a group, by i
  std::vector<double> covariances_;  ///< [pairs]
  std::vector<float> weights_;       ///< scratch, [max stride]
  std::vector<double> means_;        ///< scratch, [segments of a variable]
};

}  // namespace warpshard
