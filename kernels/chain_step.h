#pragma once

#include <cstdint>

#include "kernels/flip.h"
#include "kernels/move_policy.h"
#include "kernels/tree_block.h"
#include "kernels/tree_growth.h"

namespace warpshard {

/// Makes proposals, each a flip or a tree block, until about `visits` variables were scored. Needs
/// at least one root.
template <typename Group>
WARPSHARD_HD void run_steps(Group group, const ModelView& model, ChainView& chain,
                            const MovePolicy& policy, RandomStream& random, std::int64_t visits) {
  group.sync();
  const std::int64_t stop = chain.counters->visits() + visits;
  while (chain.counters->visits() < stop) {
    const TreeView tree = TreeGrowth<Group>(group, model, chain.scratch).grow(policy, random);
    if (tree.size == 1) {
      flip(group, model, chain, tree.nodes[0].variable, random.word());
    } else {
      TreeBlock<Group>(group, model, chain, tree).move(random);
    }
  }
}

/// Visits every loner once, in an order that starts at a random place.
template <typename Group>
WARPSHARD_HD void sweep_loners(Group group, const ModelView& model, ChainView& chain,
                               const MovePolicy& policy, RandomStream& random) {
  if (policy.num_loners == 0) return;
  const auto count = static_cast<std::uint32_t>(policy.num_loners);
  const std::uint32_t start = random.below(count);
  for (std::uint32_t k = 0; k < count; ++k) {
    const std::uint32_t at = start + k < count ? start + k : start + k - count;
    flip(group, model, chain, policy.loners[at], random.word());
  }
}

}  // namespace warpshard
