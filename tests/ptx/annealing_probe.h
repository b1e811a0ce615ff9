#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "host/device/backend.h"
#include "host/model/flat_model.h"
#include "host/search/noise_table.h"
#include "host/search/warm_state.h"
#include "tests/ptx/architecture.h"
#include "tests/ptx/counts.h"

namespace warpshard::ptx {

/// What a multiprocessor full of annealing chains does, one visit with another, and how fast.
struct AnnealingRate {
  Counts per_visit;
  double deltas_per_visit = 0;
  double visits_per_cycle = 0;  ///< of one multiprocessor, corrected by what a device reached

  double visits_per_second(const Architecture& architecture) const {
    return visits_per_cycle * architecture.clock_hz * architecture.multiprocessors;
  }
  double deltas_per_second(const Architecture& architecture) const {
    return visits_per_second(architecture) * deltas_per_visit;
  }
};

/// The mean of stretches of about as many visits each, of which there must be one.
AnnealingRate mean_of(std::span<const AnnealingRate> rates);

/// Chains that a multiprocessor holds: what registers leave room for.
inline constexpr std::int32_t kResidentChains = 32;

/// The annealing kernel in PTX over a model, from the state that `bench` measures from: mixed
/// moves, prices as they are. Depends on the model and the seed alone. Throws std::runtime_error
/// where the backend reports an error.
class AnnealingProbe {
 public:
  /// Warms up; see warm_up(). The model must outlive it. Chains grow so many trees at a time, as
  /// many as suit a device if it is 0. `seed`: of the warm state, the trees and the moves.
  explicit AnnealingProbe(const FlatModel& model, std::int32_t rooms_per_chain = 0,
                          std::uint64_t seed = 7);

  /// What visits [visits, 3 * visits) of each chain are like: what a launch costs once is left out,
  /// growing the first trees, too.
  AnnealingRate measure(const Architecture& architecture, std::int64_t visits) const;

  /// The first way in which chains differ from the serial group's after so many visits each; empty:
  /// they are equal bit for bit.
  std::string difference(std::int64_t visits) const;

 private:
  struct Run {
    Counts counts;
    MoveCounters moves;
    double mean_cycles = 0;  ///< of a warp
  };
  std::unique_ptr<DeviceSearch> search(std::int32_t islands) const;
  std::unique_ptr<DeviceSearch> serial_search() const;
  void anneal(DeviceSearch& search, std::int64_t visits) const;
  Run run(const Architecture& architecture, std::int64_t visits) const;

  const FlatModel& model_;
  std::int32_t rooms_per_chain_;
  std::uint64_t seed_;
  NoiseTable noise_;
  WarmState warm_;
};

}  // namespace warpshard::ptx
