#pragma once

#include <functional>
#include <memory>
#include <string>

#include "host/bound/passes.h"
#include "host/device/device_sweeps.h"

namespace warpshard {

/// A line for the log.
using PassesLog = std::function<void(const std::string&)>;

/// Passes on a device. Once the device fails, that is logged and the CPU goes on from the messages
/// last read back; a bound holds for any messages.
std::unique_ptr<Passes> device_passes(const FlatModel& flat, const Sweeps& sweeps,
                                      std::unique_ptr<DeviceSweeps> device, PassesLog log);

/// Makes passes on a GPU, or on the calling thread where that fails; which, and why, is logged.
/// They want SweepOrder::kColour.
MakePasses make_passes_on(const DeviceInfo& gpu, PassesLog log);

}  // namespace warpshard
