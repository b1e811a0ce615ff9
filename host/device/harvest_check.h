#pragma once

#include <optional>

#include "host/model/model.h"

namespace warpshard {

/// A device's state that the host has checked.
struct VerifiedState {
  Assignment values;
  Cost cost;  ///< exact, with the model's constant
};

/// Checks what a device harvested with the model's own exact code, never with the device's figures:
/// nothing unless the state is well-formed and within every limit.
std::optional<VerifiedState> verified(const Model& model, Assignment values);

}  // namespace warpshard
