#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "host/device/backend.h"
#include "host/portfolio/memory_needs.h"
#include "host/portfolio/worker.h"
#include "warpshard/solve.h"

namespace warpshard {

/// What workers may use.
struct WorkerResources {
  std::uint64_t seed = 1;
  std::vector<TimePrice> prices;  ///< to begin with
  int threads = 1;
  MemoryLimit memory;
  std::vector<DeviceInfo> devices;  ///< each runs a population of chains beside the CPU's
};

/// All workers, those first that others wait for. `parameters` must outlive them.
std::vector<std::unique_ptr<Worker>> make_workers(const Parameters& parameters,
                                                  const WorkerResources& resources);

}  // namespace warpshard
