#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/bound/usage_curvature.h"

namespace warpshard {

/// A quadratic model of how a bound changes as prices move, at some of the times:
///
///   gradient * move - move * (H + ridge) * move / 2
///
/// with H a UsageCurvature; the ridge, a part of its mean diagonal, keeps moves short where H knows
/// of nothing that gives way. Conjugate gradients, scaled by the diagonal, find where it is
/// highest; where moves have a floor, on one face after the other, as in
///   J. More, G. Toraldo, "On the Solution of Large Quadratic Programming Problems with Bound
///   Constraints", SIAM J. Optimization 1991,
/// but a time that has met its floor is not looked at again.
class PriceProgram {
 public:
  /// Refers to `curvature`, which must outlive it.
  explicit PriceProgram(const UsageCurvature& curvature);

  /// Takes up H as it is now, at the given times, which ascend.
  void open(std::span<const std::int32_t> times);

  /// Overwrites `move` with where the model is highest, nearly: once the residual's square is this
  /// part of what it was, or after a few steps. Returns gradient * move. Spans are [times].
  double solve(std::span<const double> gradient, double tolerance, std::vector<double>& move);

  /// Takes `move` from where solve() left it to where the model is highest, nearly, of the moves
  /// that are nowhere below `floor`, [times] of at most 0.
  void solve_above(std::span<const double> floor, std::span<const double> gradient,
                   double tolerance, std::vector<double>& move);

 private:
  /// Usage in two spans of times, numbered anew, varies together.
  struct Link {
    std::int32_t first = 0;
    std::int32_t second = 0;
    double covariance = 0;
  };

  void multiply(std::span<const double> move, std::vector<double>& result);
  double ascend(double enough, std::vector<double>& move);
  double scale_residual();

  const UsageCurvature& curvature_;
  double ridge_ = 0;
  std::vector<std::int32_t> index_;          ///< [all times + 1] how many of the times come before
  std::vector<UsageCurvature::Span> spans_;  ///< by index into the times
  std::vector<std::int32_t> span_of_;        ///< [curvature's spans] in spans_, or -1
  std::vector<double> variances_;            ///< [spans]
  std::vector<Link> links_;                  ///< of different spans
  std::vector<double> diagonal_;             ///< [times] of H + ridge
  std::vector<bool> held_;                   ///< [times] at their floor
  std::vector<double> prefix_;               ///< scratch, [times + 1]
  std::vector<double> in_span_;              ///< scratch, [spans]
  std::vector<double> from_span_;            ///< scratch, [spans]
  std::vector<double> residual_, scaled_, direction_, product_;  ///< scratch, [times]
};

}  // namespace warpshard
