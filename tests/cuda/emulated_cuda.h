#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace warpshard::testing::emulated {

/// The devices of the stand-in, by CUDA's numbers: one too old to be used, two that are alike.
enum DeviceNumber { kOld, kFirst, kSecond, kDevices };

/// Calls of the runtime and executions of kernels so far.
std::int64_t calls();

/// Lets the n-th from now on fail, counted from 0. A cudaErrorLaunchFailure stays with the device:
/// every later call fails too.
void fail_call(std::int64_t n, cudaError_t error);

/// Calls fail no longer; devices are as new, but for their memory.
void repair();

/// Pieces of device memory that have not been freed.
std::int64_t live_allocations();

/// Launches that nobody has waited for yet.
std::int64_t pending();

/// Lets `run` carry out launches, with the device's memory open, in place of the stand-in. Null:
/// the stand-in again.
void set_executor(std::function<void(const Launch&)> run);

/// Pieces of a device's memory in the order in which they were allocated.
std::vector<std::span<const std::byte>> allocations(DeviceNumber device);

}  // namespace warpshard::testing::emulated
