#pragma once

#include "host/portfolio/control_group.h"

namespace warpshard {

/// Threads to run where the caller does not say: one per core that this process may use, by its
/// affinity and by the CPU quota of its control groups (rounded down: work beyond the quota stands
/// still for the rest of each period). At least 1.
int default_threads(const ControlGroupPlaces& places = {});

}  // namespace warpshard
