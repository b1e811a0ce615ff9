#pragma once

#include <optional>

#include "host/model/model.h"

namespace warpshard {

/// A model in which forbidden entries cannot be avoided, as one without any: each counts as a cost
/// above all that finite parts can add up to, so that costs compare as pairs (entries, finite part)
/// do. What bounds and proves plain costs then does so for pairs. Sums of many such costs may
/// exceed what a model's entry can hold: restrictions cap them, from below.
struct PairModel {
  Model model;      ///< the same assignments; no entry is forbidden, its constant is 0
  Int128 unit = 1;  ///< what a forbidden entry counts, cost units; above every finite part
  Cost constant;    ///< of the model that it stands for

  /// The cost in `model` of an assignment that costs so much in the one it stands for.
  Int128 encode(const Cost& cost) const {
    return (cost.forbidden - constant.forbidden) * unit + (cost.finite - constant.finite);
  }
  /// The other way round; for bounds, too: no cost below it is below `encoded`.
  Cost decode(Int128 encoded) const;
};

/// Nothing if finite parts add up to 2^61 or more: an entry that counts as one above them would not
/// be a model's. `model`'s entries are as the reductions leave them: none is negative.
std::optional<PairModel> pair_model(const Model& model);

}  // namespace warpshard
