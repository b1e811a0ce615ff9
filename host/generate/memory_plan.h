#pragma once

#include <cstdint>

#include "warpshard/problem.h"

namespace warpshard::generator {

/// A plan without forbidden entries and its peak usage.
struct MemoryPlan {
  Plan plan;
  std::int64_t peak = 0;  ///< memory units
};

/// Looks for the plan of least peak usage among those without forbidden entries, for a problem
/// whose tables either allow everything or exactly the diagonal, and whose last strategies are
/// never forbidden (what lower() makes).
///
/// Nodes joined by diagonal tables form clusters with one strategy each. Each cluster starts at the
/// strategy of least usage times length; then, while it helps, the cluster that relieves the peak
/// most changes. The result is an upper bound on the smallest possible peak; the sum of every
/// node's least usage at the busiest time is a lower one.
MemoryPlan find_memory_plan(const Problem& problem);

}  // namespace warpshard::generator
