#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "host/bound/certificate.h"
#include "host/bound/sweeps.h"
#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// Message passing in integers: what the ascent found in floats is rounded, swept forward and back
/// once more without any rounding that could raise a bound, and handed out as proofs.
class FixedPoint {
 public:
  /// `prices` is [times] cost units per quantum of `flat`, `messages` the ascent's, in the layout
  /// of `sweeps`. Keeps references to the first three.
  FixedPoint(const Model& model, const FlatModel& flat, const Sweeps& sweeps,
             std::span<const float> prices, std::span<const float> messages,
             const StopToken& stop = {});

  /// Sweeps on, at most `most` times forth and back, while that brings the bound well on its way to
  /// `finite_cost`: where floats cannot tell the two apart any more.
  void refine(Int128 finite_cost, int most, const StopToken& stop = {});

  /// The integer prices and messages after the backward pass.
  Certificate certificate() const;

  /// True if every assignment that gives variable v the value d, has no forbidden entries and fits,
  /// costs more than `finite_cost` (constant included).
  bool costs_more(std::int32_t v, std::int32_t d, Int128 finite_cost) const;

 private:
  void choose_shifts(std::span<const float> prices, std::span<const float> messages);
  void round_inputs(std::span<const float> prices, std::span<const float> messages);
  void price_rows();
  Int128 pass(SweepDirection direction, const StopToken& stop);
  Int128 visit(const SweepVariable& variable, SweepDirection direction);
  std::int64_t entry(std::int64_t table_index) const;

  const Model& model_;
  const FlatModel& flat_;
  const Sweeps& sweeps_;
  int price_shift_ = 0;
  int shift_ = 0;                            ///< of costs, messages and bounds
  std::int64_t forbidden_ = 0;               ///< what a forbidden entry counts, shifted
  std::vector<std::int64_t> prices_;         ///< [times] 2^-price_shift cost units per memory unit
  std::vector<std::int64_t> unary_;          ///< [rows] priced, rounded down
  std::vector<std::int64_t> messages_;       ///< [message entries]
  std::vector<std::int64_t> min_marginals_;  ///< [rows] of the backward pass
  std::vector<std::int64_t> least_;          ///< [variables] least min-marginal
  std::vector<std::int64_t> from_;           ///< scratch, [max stride]
  Int128 forward_bound_ = 0;
  Int128 backward_bound_ = 0;
};

}  // namespace warpshard
