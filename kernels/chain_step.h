#pragma once

#include <cstdint>

#include "kernels/flip.h"
#include "kernels/move_policy.h"
#include "kernels/tree_block.h"
#include "kernels/tree_growth.h"

namespace warpshard {

/// One proposal on the batch's next tree: a flip or a tree block.
template <typename Group>
WARPSHARD_HD void chain_step(Group group, const ModelView& model, ChainView& chain,
                             const TreeView& tree, RandomStream& random) {
  if (tree.size == 1) {
    flip(group, model, chain, tree.nodes[0].variable, random.word());
  } else {
    TreeBlock<Group>(group, model, chain, tree).move(random);
  }
}

/// Grows a new batch of trees if the present one has been visited often enough.
template <typename Group>
WARPSHARD_HD TreeProgress renew_trees(Group group, const ModelView& model, const ChainView& chain,
                                      const MovePolicy& policy, RandomStream& random,
                                      TreeProgress progress) {
  if (progress.next < progress.end) return progress;
  progress.next = 0;
  if (progress.end > 0 && ++progress.passes < policy.tree_uses) return progress;
  TreeGrowth<Group> growth(group, model, chain);
  growth.fill(policy, random);
  return {growth.end(), 0, 0};
}

/// Makes proposals until about `visits` variables were scored. Needs at least one root.
template <typename Group>
WARPSHARD_HD void run_steps(Group group, const ModelView& model, ChainView& chain,
                            const MovePolicy& policy, RandomStream& random, std::int64_t visits) {
  group.sync();
  const std::int64_t stop = chain.counters->visits() + visits;
  TreeProgress progress = *chain.batch.progress;
  while (chain.counters->visits() < stop) {
    progress = renew_trees(group, model, chain, policy, random, progress);
    const TreeView tree = chain.batch.tree(progress.next);
    chain_step(group, model, chain, tree, random);
    progress.next += tree.size + 1;
  }
  if (group.rank() == 0) *chain.batch.progress = progress;
  group.sync();
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
