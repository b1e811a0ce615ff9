#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "host/bound/certificate.h"
#include "host/bound/sweeps.h"
#include "host/model/flat_model.h"
#include "host/model/huge_pages.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// Message passing in integers: what the ascent found in floats is rounded, swept forward and back
/// once more without any rounding that could raise a bound, and handed out as proofs.
///
/// In a forward pass each variable u keeps F_u = min_d (theta_u(d) - later_u * s_u(d)) + the
/// normalisers n_uw of its later neighbours w, where s_u = theta_u / most_u is what an edge gets,
/// rounded. The constant and all F_u add up to the pass's bound, whatever the rounding. Where the
/// backward pass that follows is at a variable v, each u before v can still count on
///
///     F_u + sum over later neighbours w of u beyond v of min_d s_w(d)
///
/// (what w took from the edge it gives back but for rounding), each w beyond v counts with what it
/// keeps and its normalisers towards v and what is beyond v. With that and theta_v(d), everything
/// of an assignment that has the value d is counted once: a bound on its cost that holds to the
/// last digit.
class FixedPoint {
 public:
  /// `prices` is [times] cost units per quantum of `flat`, `messages` the ascent's, in the layout
  /// of `sweeps`. Keeps references to the first three. Of no use when stopped.
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
  void choose_shifts(std::span<const float> prices, std::span<const float> messages,
                     const StopToken& stop);
  void round_inputs(std::span<const float> prices, std::span<const float> messages,
                    const StopToken& stop);
  void price_rows(const StopToken& stop);
  void round_trip(const StopToken& stop);
  Int128 base() const;
  Int128 go_forward(const SweepVariable& variable);
  Int128 go_back(const SweepVariable& variable);
  std::int64_t collect(const SweepVariable& variable);
  std::int64_t send(const SweepVariable& variable, std::int32_t arc);
  std::int64_t least_kept(const SweepVariable& variable, std::int32_t shares) const;
  std::int64_t scaled(std::int64_t cost) const;
  Int128 unscaled(Int128 bound) const;

  const Model& model_;
  const FlatModel& flat_;
  const Sweeps& sweeps_;
  int price_shift_ = 0;
  int shift_ =
      0;  ///< of costs, messages and bounds; negative where costs are too large for 64 bits
  std::int64_t forbidden_ = 0;               ///< what a forbidden entry counts, shifted
  std::vector<std::int64_t> prices_;         ///< [times] 2^-price_shift cost units per memory unit
  std::vector<std::int64_t> unary_;          ///< [rows] priced, rounded down
  HugePageVector<std::int64_t> messages_;    ///< [message entries]
  std::vector<std::int64_t> min_marginals_;  ///< [rows] of the backward pass
  std::vector<Int128> rest_;  ///< [variables] what every plan costs beside a value's min-marginal
  std::vector<Int128> forward_share_;  ///< [variables] F_u
  std::vector<Int128> returned_;       ///< [variables] n_wu - min s_w of later neighbours w
  std::vector<std::int64_t> from_;     ///< scratch, [max stride]
  Int128 bound_ = 0;                   ///< of the backward pass
};

}  // namespace warpshard
