#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "host/device/backend.h"

namespace warpshard {

/// The CPU as a device: it runs the population that a GPU runs, on so many threads.
DeviceInfo host_device(std::int32_t threads);

/// What make_device_search() makes, on `options.threads` CPU threads; `options.device` does not
/// count. The same states come out for any number of threads.
Result<std::unique_ptr<DeviceSearch>> make_host_search(const FlatModel& model,
                                                       std::span<const float> noise,
                                                       const DeviceSearchOptions& options);

/// Either, by the device's kind; `options.device` and `options.threads` are set from the device.
Result<std::unique_ptr<DeviceSearch>> make_search_on(const DeviceInfo& device,
                                                     const FlatModel& model,
                                                     std::span<const float> noise,
                                                     DeviceSearchOptions options);

}  // namespace warpshard
