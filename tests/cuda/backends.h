#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/device/backend.h"
#include "host/device/device_sweeps.h"

namespace warpshard::testing {

/// The backends that a test of DeviceSearch runs on.
enum class BackendKind {
  kSerial,        ///< the CPU in a GPU's place: the kernels on its group, several threads
  kEmulatedWarp,  ///< the kernels on an emulated warp
  kCuda,          ///< a GPU
  // The CUDA backend on a stand-in for the CUDA runtime, see emulated_cuda.h; in programs of its
  // own.
  kEmulatedCuda,
  // The same, each kernel as the PTX that nvcc makes of it; see tests/ptx/README.md.
  kPtx,
};

/// All that this program is linked with, whether they can run here or not.
std::vector<BackendKind> all_backends();

/// CUDA's number of a backend's device.
std::int32_t device_of(BackendKind kind);

/// For the names of tests.
std::string name_of(BackendKind kind);

/// Why a backend cannot run here; empty if it can.
std::string absence_of(BackendKind kind);

/// A search with exactly `chains` chains. Fails the test if it cannot be
/// made.
std::unique_ptr<DeviceSearch> make_search(BackendKind kind, const FlatModel& model,
                                          std::int32_t chains, std::int32_t chains_per_island,
                                          std::uint64_t seed);

/// Message passing. Fails the test if it cannot be made.
std::unique_ptr<DeviceSweeps> make_sweeps(BackendKind kind, const FlatModel& model,
                                          const SweepPlan& plan);

}  // namespace warpshard::testing
