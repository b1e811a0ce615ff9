#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "warpshard/cost.h"
#include "warpshard/problem.h"

namespace warpshard {

/// Why no plan is within the limit. Strategies are free as far as memory goes (a plan may contain
/// forbidden entries), so the least peak is that of every node at its least usage.
struct Infeasibility {
  Int128 smallest_limit = 0;  ///< memory units: the least peak of all plans
  std::int64_t time = 0;      ///< first time at which every plan uses at least that much
  std::vector<std::int32_t>
      nodes;  ///< live then with a usage above zero, greatest least usage first
};

/// Computes the least peak; the limit cannot be met if it is below `smallest_limit`.
Infeasibility least_peak(const Problem& problem);

/// One line for a person: the limit, the smallest limit that can be met, when and which nodes
/// block.
std::string describe_infeasibility(const Problem& problem);

}  // namespace warpshard
