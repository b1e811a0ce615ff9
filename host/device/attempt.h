#pragma once

#include <exception>
#include <type_traits>

#include "host/device/backend.h"

namespace warpshard {

/// Runs `action` with the backend's device selected. A DeviceStatus where it returns nothing, else
/// a Result of what it returns; either holds the error if it threw.
template <typename Backend, typename Action>
auto attempt(Backend& backend, const Action& action) {
  using Value = std::invoke_result_t<const Action&>;
  using Outcome = std::conditional_t<std::is_void_v<Value>, DeviceStatus, Result<Value>>;
  try {
    backend.select();
    if constexpr (std::is_void_v<Value>) {
      action();
      return Outcome();
    } else {
      return Outcome(action());
    }
  } catch (const std::exception& failure) {
    return Outcome(Error{failure.what()});
  }
}

}  // namespace warpshard
