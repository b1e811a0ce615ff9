#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "host/search/noise_table.h"

namespace warpshard {

/// What moves are measured from: a chain in the middle of the usual schedule.
struct WarmState {
  Assignment values;          ///< [variables]
  std::vector<float> prices;  ///< [times] cost units per usage quantum
  float temperature = 0;      ///< cost units
};

/// Epochs of warm_up().
inline constexpr int kWarmEpochs = 40;

/// Anneals one chain from hot to the middle. Epoch k, from 0, goes on until enough(k) after a few
/// thousand visits. Needs two variables that are neighbours.
WarmState warm_up(const FlatModel& model, const NoiseTable& noise, std::uint64_t seed,
                  const std::function<bool(int epoch)>& enough);

}  // namespace warpshard
