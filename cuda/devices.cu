#include <cuda_runtime.h>

#include "cuda/check.h"
#include "host/device/backend.h"

namespace warpshard {
namespace {

using cuda::succeeded;

DeviceInfo describe(std::int32_t number, const cudaDeviceProp& properties) {
  DeviceInfo info;
  info.number = number;
  info.name = properties.name;
  info.total_bytes = static_cast<std::int64_t>(properties.totalGlobalMem);
  info.multiprocessors = properties.multiProcessorCount;
  info.compute_major = properties.major;
  info.compute_minor = properties.minor;
  return info;
}

}  // namespace

bool built_with_cuda() {
  return true;
}

DeviceList cuda_devices() {
  DeviceList list;
  int driver = 0;
  if (!succeeded(cudaDriverGetVersion(&driver)) || driver == 0) {
    list.absence = "no NVIDIA driver";
    return list;
  }
  int count = 0;
  if (const cudaError_t status = cudaGetDeviceCount(&count); !succeeded(status)) {
    list.absence = std::string("no usable GPU: ") + cudaGetErrorString(status);
    return list;
  }
  for (int number = 0; number < count; ++number) {
    cudaDeviceProp properties{};
    if (!succeeded(cudaGetDeviceProperties(&properties, number))) continue;
    if (properties.major < kLeastComputeMajor) continue;
    list.devices.push_back(describe(number, properties));
  }
  if (list.devices.empty())
    list.absence = "no GPU of compute capability " + std::to_string(kLeastComputeMajor) +
                   ".0 or later among " + std::to_string(count);
  return list;
}

}  // namespace warpshard
