// What a build without CUDA links in place of the CUDA sources.

#include "host/device/backend.h"
#include "host/device/device_sweeps.h"

namespace warpshard {
namespace {

constexpr const char* kAbsence = "this build has no CUDA backend";

}  // namespace

bool built_with_cuda() {
  return false;
}

DeviceList cuda_devices() {
  return DeviceList{{}, kAbsence};
}

Result<std::unique_ptr<DeviceSearch>> make_device_search(const FlatModel& /*model*/,
                                                         std::span<const float> /*noise*/,
                                                         const DeviceSearchOptions& /*options*/) {
  return Error{kAbsence};
}

Result<std::unique_ptr<DeviceSweeps>> make_device_sweeps(const FlatModel& /*model*/,
                                                         const SweepPlan& /*plan*/,
                                                         std::int32_t /*device*/) {
  return Error{kAbsence};
}

}  // namespace warpshard
