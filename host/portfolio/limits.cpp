#include "host/portfolio/limits.h"

#include <string>

#include "kernels/chain_view.h"

namespace warpshard {

std::optional<Error> refuse_search(const Problem& problem) {
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    const auto strategies = problem.num_strategies(node);
    if (strategies > kMostValues)
      return Error{"node " + std::to_string(node) + " has " + std::to_string(strategies) +
                   " strategies; at most " + std::to_string(kMostValues) + " can be searched"};
  }
  return std::nullopt;
}

}  // namespace warpshard
