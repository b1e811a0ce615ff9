#include "tests/cuda/backends.h"

#include <gtest/gtest.h>

#include "host/device/host_backend.h"
#include "host/device/host_runner.h"
#include "host/device/host_search.h"
#include "host/device/population_search.h"
#include "host/device/sweep_rounds.h"
#include "host/search/noise_table.h"
#include "tests/cuda/emulated_runner.h"
#include "tests/cuda/reference_sweeps.h"

namespace warpshard::testing {
namespace {

/// Threads of the CPU in a GPU's place: more than chains, in some tests.
constexpr std::int32_t kThreads = 3;

std::unique_ptr<DeviceSearch> make_emulated(const FlatModel& model, const NoiseTable& noise,
                                            const DeviceSearchOptions& options) {
  using Backend = HostBackend<EmulatedRunner>;
  PopulationPlan plan;
  plan.shape = shape_of(model.view(), options.chains, options.chains_per_island, options.tabu,
                        /*rooms_per_chain=*/3);
  return std::make_unique<PopulationSearch<Backend>>(Backend(), model, noise.values(), plan,
                                                     options.seed);
}

}  // namespace

std::string name_of(BackendKind kind) {
  switch (kind) {
    case BackendKind::kSerial:
      return "Serial";
    case BackendKind::kEmulatedWarp:
      return "EmulatedWarp";
    case BackendKind::kCuda:
      return "Cuda";
    case BackendKind::kEmulatedCuda:
      return "EmulatedCuda";
    case BackendKind::kPtx:
      return "Ptx";
  }
  return "";
}

std::string absence_of(BackendKind kind) {
  return kind == BackendKind::kCuda ? cuda_devices().absence : "";
}

std::unique_ptr<DeviceSearch> make_search(BackendKind kind, const FlatModel& model,
                                          std::int32_t chains, std::int32_t chains_per_island,
                                          std::uint64_t seed) {
  const NoiseTable noise(model.max_stride);
  DeviceSearchOptions options;
  options.chains = chains;
  options.chains_per_island = chains_per_island;
  options.seed = seed;
  options.tabu = true;
  options.device = device_of(kind);
  options.threads = kThreads;
  if (kind == BackendKind::kEmulatedWarp) return make_emulated(model, noise, options);
  auto search = kind == BackendKind::kSerial ? make_host_search(model, noise.values(), options)
                                             : make_device_search(model, noise.values(), options);
  EXPECT_TRUE(search.ok()) << search.error().message;
  return search.ok() ? std::move(*search) : nullptr;
}

std::unique_ptr<DeviceSweeps> make_sweeps(BackendKind kind, const FlatModel& model,
                                          const SweepPlan& plan) {
  if (kind == BackendKind::kSerial)
    return std::make_unique<SweepRounds<ReferenceSweepBackend<HostRunner>>>(
        ReferenceSweepBackend<HostRunner>{}, model, plan);
  if (kind == BackendKind::kEmulatedWarp)
    return std::make_unique<SweepRounds<ReferenceSweepBackend<EmulatedRunner>>>(
        ReferenceSweepBackend<EmulatedRunner>{}, model, plan);
  auto sweeps = make_device_sweeps(model, plan, device_of(kind));
  EXPECT_TRUE(sweeps.ok()) << sweeps.error().message;
  return sweeps.ok() ? std::move(*sweeps) : nullptr;
}

}  // namespace warpshard::testing
