#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/device/backend.h"
#include "warpshard/result.h"

namespace warpshard {

/// What the user asked for with --device.
struct DeviceChoice {
  enum class Kind {
    kAuto,  ///< the GPUs there are, else the CPU alone
    kCpu,   ///< the CPU alone
    kCuda,  ///< GPUs, or fail
    kHost,  ///< the CPU alone, which runs the population of a GPU beside its own chains
  };
  Kind kind = Kind::kAuto;
  std::vector<std::int32_t> numbers;  ///< CUDA's, in the order given; empty: all
  std::int32_t threads = 1;           ///< of kHost
};

/// Reads "auto", "cpu", "cpu-population[:THREADS]", "cuda" or "cuda:N[,N...]"; anything else fails
/// with what was expected.
Result<DeviceChoice> parse_device_choice(std::string_view text);

/// What a run is going to use.
struct ChosenDevices {
  std::vector<DeviceInfo> gpus;  ///< or the CPU in their place; none: the CPU's own chains alone
  std::string reason;            ///< which, and why; one line for the log
};

/// Settles a choice among the devices there are. Fails, with the reason, if a GPU was asked for
/// that is absent.
Result<ChosenDevices> choose_devices(const DeviceChoice& choice, const DeviceList& list);

/// The same among the GPUs of this machine. Looks for them, which starts the driver, only where the
/// choice may be one.
Result<ChosenDevices> choose_devices(const DeviceChoice& choice);

}  // namespace warpshard
