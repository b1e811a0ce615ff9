#pragma once

namespace warpshard::testing {

/// Lets a kernel fail on the current device, whose context is of no use to this process from then
/// on.
void break_device();

}  // namespace warpshard::testing
