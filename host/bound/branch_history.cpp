#include "host/bound/branch_history.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace warpshard {
namespace {

/// What all splits have brought counts as much as so many at the variable itself.
constexpr double kPrior = 1;

}  // namespace

void BranchHistory::Sums::add(double prediction, double gain) {
  predicted += prediction;
  gained += gain;
  ++times;
}

void BranchHistory::record(const BranchSide& side, double gain) {
  auto own = std::ranges::lower_bound(own_, side.variable, {}, &Own::variable);
  if (own == own_.end() || own->variable != side.variable)
    own = own_.insert(own, {side.variable, {}});
  all_[side.side].add(side.predicted, gain);
  own->sides[side.side].add(side.predicted, gain);
}

double BranchHistory::factor(std::int32_t variable) const {
  const auto own = std::ranges::lower_bound(own_, variable, {}, &Own::variable);
  if (own == own_.end() || own->variable != variable) return 1;
  double product = 1;
  for (std::size_t side = 0; side < all_.size(); ++side) {
    const Sums& all = all_[side];
    const Sums& sums = own->sides[side];
    if (sums.times == 0 || all.gained <= 0 || all.predicted <= 0) continue;
    const double usual = all.gained / all.predicted;
    const double weight = kPrior * all.predicted / static_cast<double>(all.times);
    product *= (weight * usual + sums.gained) / ((weight + sums.predicted) * usual);
  }
  return std::sqrt(product);
}

}  // namespace warpshard
