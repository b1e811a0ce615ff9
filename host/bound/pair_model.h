#pragma once

#include <optional>

#include "host/model/model.h"

namespace warpshard {

/// A model in which forbidden entries cannot be avoided, as one without any: each counts as a cost
/// above all that finite parts can add up to, so that costs compare as pairs (entries, finite part)
/// do. What bounds and proves plain costs then does so for pairs.
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

/// Nothing if costs would not fit what models hold. `model`'s entries are as the reductions leave
/// them: each list and table has a least finite part of 0 or more.
std::optional<PairModel> pair_model(const Model& model);

}  // namespace warpshard
