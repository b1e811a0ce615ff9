#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "host/bound/partial_ascent.h"
#include "host/model/model.h"
#include "host/portfolio/core.h"
#include "warpshard/parameters.h"

namespace warpshard {

/// What a price ascent leads searches with; immutable.
struct Guide {
  CorePointer core;
  AscentState state;                  ///< prices and messages, for dives
  std::vector<float> prices;          ///< [times] cost units per usage quantum
  std::vector<Assignment> decodings;  ///< where fresh searches begin; the first without noise
  double bound = 0;                   ///< in floats, constant included
  std::int64_t rounds = 0;            ///< of the ascent so far
  bool flat = false;                  ///< more rounds of the same kind bring little

  /// What a good assignment costs per connected variable, about: the unit of temperatures. Costs
  /// that all assignments have in common do not count.
  double heat_unit = 1;
};

/// After how many rounds of an ascent its prices lead searches: fewer where a round takes long.
inline std::int64_t lead_rounds(const AscentParameters& parameters, const Core& core) {
  const double rounds = parameters.lead_work / static_cast<double>(core.rates.round);
  if (rounds >= static_cast<double>(parameters.lead_rounds)) return parameters.lead_rounds;
  const auto affordable = static_cast<std::int64_t>(rounds);
  return std::min(parameters.lead_rounds, std::max(parameters.least_lead_rounds, affordable));
}

using GuidePointer = std::shared_ptr<const Guide>;

}  // namespace warpshard
