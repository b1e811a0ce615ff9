#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/device/backend.h"
#include "host/device/tabu_share.h"
#include "host/portfolio/clock.h"
#include "host/portfolio/core.h"
#include "host/portfolio/incumbent.h"
#include "host/search/annealing.h"
#include "host/search/elites.h"

namespace warpshard {

/// Runs a descent on all chains of a device but those of islands that search with tabu meanwhile:
/// the chains' ladder of temperatures, `kLadder` wide, falls as one. After every epoch `on_epoch`
/// may harvest. Ends early when the clock expires.
DeviceStatus anneal(DeviceSearch& search, const AnnealingPlan& plan, float tabu_share,
                    const SearchClock& clock, const std::function<DeviceStatus()>& on_epoch);

/// Hottest over coldest temperature of a device's ladder at any moment.
inline constexpr float kLadder = 2;

/// Rounds of annealing over one core on GPUs, beside Population on the CPU. Whatever a device
/// harvests is checked on the host before it counts.
class DevicePopulation {
 public:
  using Log = std::function<void(const std::string&)>;

  /// One search per device. A device that fails later is logged and left out from then on.
  DevicePopulation(CorePointer core, IncumbentPool& pool, SearchClock& clock,
                   std::vector<std::unique_ptr<DeviceSearch>> searches, Log log);

  /// Where fresh rounds begin: decodings, [variables] each, and the bound's prices, [times].
  void set_starts(std::vector<Assignment> decodings, std::vector<float> prices);

  /// Takes over an assignment found elsewhere. Any thread.
  void add_elite(const Assignment& values);

  /// Runs rounds on all devices for `seconds`, or one descent each if the clock counts epochs.
  void run(double seconds);

  std::vector<Elite> elites() const { return elites_.all(); }

  /// What all devices did.
  MoveCounters counters() const;

 private:
  struct Device {
    std::unique_ptr<DeviceSearch> search;
    std::int64_t rounds = 0;
    bool failed = false;
    TabuShare tabu;
    std::int32_t tabu_islands = 0;  ///< of this round
    std::optional<Cost> best;       ///< of this round
  };

  void run_device(Device& device, double seconds);
  DeviceStatus run_round(Device& device, double seconds);
  DeviceStatus begin_round(Device& device, bool fresh);
  DeviceStatus harvest(Device& device);
  double reference_cost() const;

  CorePointer core_;
  IncumbentPool& pool_;
  SearchClock& clock_;
  std::vector<Device> devices_;
  Log log_;
  std::vector<Assignment> decodings_;
  std::vector<float> prices_;
  Elites elites_;
  mutable std::mutex mutex_;  ///< guards counters_ and log_
  MoveCounters counters_;
};

/// Makes a search over `core` on each GPU and logs its plan; GPUs where that fails are logged and
/// left out.
std::vector<std::unique_ptr<DeviceSearch>> make_device_searches(const Core& core,
                                                                const std::vector<DeviceInfo>& gpus,
                                                                std::uint64_t seed,
                                                                const DevicePopulation::Log& log);

}  // namespace warpshard
