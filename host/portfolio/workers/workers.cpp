#include "host/portfolio/workers/workers.h"

#include "host/portfolio/workers/anneal_worker.h"
#include "host/portfolio/workers/ascent_worker.h"
#include "host/portfolio/workers/cross_worker.h"
#include "host/portfolio/workers/device_worker.h"
#include "host/portfolio/workers/dive_worker.h"
#include "host/portfolio/workers/greedy_worker.h"
#include "host/portfolio/workers/neighbourhood_worker.h"
#include "host/portfolio/workers/prove_worker.h"
#include "host/portfolio/workers/quench_worker.h"
#include "host/portfolio/workers/reduce_worker.h"
#include "host/portfolio/workers/shrink_worker.h"
#include "host/portfolio/workers/tabu_worker.h"

namespace warpshard {

std::vector<std::unique_ptr<Worker>> make_workers(const Parameters& parameters,
                                                  const WorkerResources& resources) {
  std::vector<std::unique_ptr<Worker>> workers;
  workers.push_back(std::make_unique<GreedyWorker>());
  workers.push_back(std::make_unique<ReduceWorker>(resources.memory, resources.devices.size(),
                                                   resources.threads));
  workers.push_back(std::make_unique<ShrinkWorker>());
  for (const DeviceInfo& device : resources.devices)
    workers.push_back(std::make_unique<DeviceWorker>(
        device, resources.seed + static_cast<std::uint64_t>(device.number),
        /*passes_messages=*/&device == resources.devices.data()));
  workers.push_back(std::make_unique<QuenchWorker>(resources.seed));
  workers.push_back(std::make_unique<CrossWorker>(resources.seed));
  workers.push_back(std::make_unique<AscentWorker>(resources.seed, resources.prices));
  workers.push_back(std::make_unique<DiveWorker>(parameters.dive, resources.seed));
  workers.push_back(std::make_unique<AnnealWorker>(parameters.anneal, resources.seed));
  workers.push_back(std::make_unique<ProveWorker>(parameters.prove, resources.devices));
  workers.push_back(
      std::make_unique<NeighbourhoodWorker>(parameters.neighbourhood, resources.seed));
  workers.push_back(std::make_unique<TabuWorker>(parameters.tabu, resources.seed));
  return workers;
}

}  // namespace warpshard
