#pragma once

#include <cstdint>

#include "kernels/flip.h"
#include "kernels/move_policy.h"
#include "kernels/tree_block.h"
#include "kernels/tree_growth.h"

namespace warpshard {

/// Makes proposals, each a flip or a tree block, until about `visits` variables were scored. Needs
/// at least one root. Trees and moves have random streams of their own, so that it does not matter
/// how many trees are grown ahead.
template <typename Group>
WARPSHARD_HD void run_steps(Group group, const ModelView& model, ChainView& chain,
                            const MovePolicy& policy, RandomStream& random, std::int64_t visits) {
  using Growth = TreeGrowth<typename Group::Lane>;
  group.sync();
  const std::uint64_t upper = random.word();
  const std::uint64_t seed = upper << 32 | random.word();
  const MoveScratch& scratch = chain.scratch;
  const std::int64_t stop = chain.counters->visits() + visits;
  for (std::uint64_t done = 0; chain.counters->visits() < stop;
       done += static_cast<std::uint64_t>(scratch.num_rooms)) {
    for (std::int32_t k = group.rank(); k < scratch.num_rooms; k += group.size())
      Growth(model, scratch.room(k))
          .grow(policy, RandomStream(seed, 2 * (done + static_cast<std::uint64_t>(k))));
    group.sync();
    for (std::int32_t k = 0; k < scratch.num_rooms && chain.counters->visits() < stop; ++k) {
      const TreeView tree = scratch.room(k).tree();
      const RandomStream moves(seed, 2 * (done + static_cast<std::uint64_t>(k)) + 1);
      if (tree.size == 1) {
        flip(group, model, chain, tree.nodes[0].variable, moves.block(0).words[0]);
      } else {
        TreeBlock<Group>(group, model, chain, tree).move(moves);
      }
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
