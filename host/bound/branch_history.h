#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "host/model/archive.h"

namespace warpshard {

/// A part that a split has made, and what the split was expected to bring.
struct BranchSide {
  std::int32_t variable = -1;  ///< that was split, of the whole model; -1: none, the part is all
  std::int32_t side = 0;       ///< 0: has the first of its values, 1: others
  double predicted = 0;        ///< score of the split, cost units
};

/// What splits have brought so far, in a tree and in those before it (Achterberg, Koch and Martin
/// 2005, call it pseudocosts): a variable whose splits raised the bounds of both sides by more than
/// their scores promised is worth more than its score says.
class BranchHistory {
 public:
  /// Of a part that a split has made. `gain`: by how much its bound is above that of what was
  /// split, cost units.
  void record(const BranchSide& side, double gain);

  /// What the score of a split at a variable is to be multiplied by; 1 where nothing is known.
  double factor(std::int32_t variable) const;

  void transfer(Archive& archive) { archive(all_, own_); }

 private:
  struct Sums {
    double predicted = 0;
    double gained = 0;
    std::int64_t times = 0;

    void add(double prediction, double gain);
  };
  using Sides = std::array<Sums, 2>;
  struct Own {
    std::int32_t variable = 0;
    Sides sides;
  };

  Sides all_;
  std::vector<Own> own_;  ///< of the variables that were split, in their order
};

}  // namespace warpshard
