#include "host/device/host_search.h"

#include <unistd.h>

#include <algorithm>
#include <exception>

#include "host/device/host_backend.h"
#include "host/device/host_runner.h"
#include "host/device/population_search.h"

namespace warpshard {
namespace {

/// Islands where nothing else is asked for. Not as many as there are threads: then a result would
/// depend on the machine.
constexpr std::int32_t kIslands = 4;

std::int64_t bytes_of_pages(int name) {
  return std::int64_t{sysconf(name)} * sysconf(_SC_PAGESIZE);
}

DeviceLimits host_limits(const DeviceSearchOptions& options) {
  DeviceLimits limits;
  limits.free_bytes = bytes_of_pages(_SC_AVPHYS_PAGES);
  limits.multiprocessors = kIslands;
  limits.resident_warps = options.chains_per_island;
  return limits;
}

}  // namespace

DeviceInfo host_device(std::int32_t threads) {
  DeviceInfo info;
  info.kind = DeviceInfo::Kind::kHost;
  info.name = "population on " + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
  info.total_bytes = bytes_of_pages(_SC_PHYS_PAGES);
  info.multiprocessors = threads;
  return info;
}

Result<std::unique_ptr<DeviceSearch>> make_host_search(const FlatModel& model,
                                                       std::span<const float> noise,
                                                       const DeviceSearchOptions& options) {
  if (options.threads < 1) return Error{"a device search on the CPU needs at least one thread"};
  const auto plan = plan_population(model, static_cast<std::int64_t>(noise.size()),
                                    host_limits(options), options);
  if (!plan) return plan.error();
  using Backend = HostBackend<HostRunner>;
  try {
    return std::unique_ptr<DeviceSearch>(std::make_unique<PopulationSearch<Backend>>(
        Backend(HostRunner(options.threads)), model, noise, *plan, options.seed));
  } catch (const std::exception& failure) {
    return Error{failure.what()};
  }
}

Result<std::unique_ptr<DeviceSearch>> make_search_on(const DeviceInfo& device,
                                                     const FlatModel& model,
                                                     std::span<const float> noise,
                                                     DeviceSearchOptions options) {
  options.device = device.number;
  if (device.kind == DeviceInfo::Kind::kCuda) return make_device_search(model, noise, options);
  options.threads = device.multiprocessors;
  return make_host_search(model, noise, options);
}

}  // namespace warpshard
