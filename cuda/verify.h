#pragma once

#include <vector>

#include "host/model/model.h"

namespace warpshard {

/// A device's state that the host has checked.
struct VerifiedState {
  Assignment values;
  Cost cost;  ///< exact, with the model's constant
};

/// Checks what a device harvested with the model's own exact code, never with the device's figures:
/// keeps the states that are well-formed and within every limit, in their order.
std::vector<VerifiedState> verified(const Model& model, std::vector<Assignment> harvest);

}  // namespace warpshard
