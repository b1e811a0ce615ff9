#pragma once

#include <cstdint>
#include <string>

#include "host/model/flat_model.h"
#include "kernels/population.h"
#include "warpshard/result.h"

namespace warpshard {

/// What a device search is asked for.
struct DeviceSearchOptions {
  std::int32_t device = 0;  ///< CUDA's number
  std::uint64_t seed = 1;
  std::int32_t chains = 0;  ///< 0: as many as run at the same time
  std::int32_t chains_per_island = 32;
  double memory_share = 0.9;  ///< of the device's free memory
  /// Of the places where chains run at the same time; the rest is left to other work.
  double place_share = 1;
  /// Trees that a chain grows at a time, at most; 0: as many as suit the device.
  std::int32_t rooms_per_chain = 0;
  bool tabu = false;         ///< make room for tabu search
  std::int32_t threads = 1;  ///< of the CPU, where that is the device
};

/// What a device offers to a search.
struct DeviceLimits {
  std::int64_t free_bytes = 0;
  std::int32_t multiprocessors = 0;
  std::int32_t resident_warps = 0;   ///< per multiprocessor
  std::int32_t rooms_per_chain = 1;  ///< trees that a chain should grow at a time, at most
};

/// How large a population is, settled before anything is allocated.
struct PopulationPlan {
  PopulationShape shape;
  std::int64_t model_bytes = 0;
  std::int64_t chain_bytes = 0;   ///< per chain
  std::int64_t island_bytes = 0;  ///< per island
  std::int64_t total_bytes = 0;

  /// One line for the log.
  std::string describe() const;
};

/// Sizes of `chains` chains over a model, with room for tabu search or without.
PopulationShape shape_of(const ModelView& model, std::int32_t chains,
                         std::int32_t chains_per_island, bool tabu = false,
                         std::int32_t rooms_per_chain = 1);

/// Fits a population into a device's memory, in whole islands; fails with the figures if none fits.
Result<PopulationPlan> plan_population(const FlatModel& model, std::int64_t noise_floats,
                                       const DeviceLimits& limits,
                                       const DeviceSearchOptions& options);

}  // namespace warpshard
