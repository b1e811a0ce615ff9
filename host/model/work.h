#pragma once

#include <cstdint>

#include "host/model/model.h"

namespace warpshard {

/// Effort: about nanoseconds of one core, estimated from what was done. Means the same on every
/// machine, so that what it decides does, too.
using Work = std::int64_t;

/// What pieces of work on a model cost.
struct WorkRates {
  WorkRates() = default;
  explicit WorkRates(const Model& model);

  Work round = 1;    ///< of price ascent
  Work visit = 250;  ///< of a variable by moves
  Work sweep = 1;    ///< reading every table and row once, exactly: certificates, evaluations
};

}  // namespace warpshard
