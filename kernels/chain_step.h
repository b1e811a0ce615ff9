#pragma once

#include <cstdint>

#include "kernels/flip.h"
#include "kernels/growth_order.h"
#include "kernels/move_policy.h"
#include "kernels/team.h"
#include "kernels/tree_block.h"
#include "kernels/tree_growth.h"

namespace warpshard {

/// A team's chains wait for each other before so many trees, so that they find in their cache what
/// others have just read.
inline constexpr std::int32_t kTreesTogether = 8;

/// Makes proposals, each a flip or a tree block, by one chain of a team, see team.h: its chains
/// grow trees together, in rooms side by side, and visit all of them, each by itself. Goes on until
/// about `visits` variables were scored. Needs at least one root. `trees` and `moves` seed random
/// streams, one per tree and one per move, so that it does not matter how many trees are grown
/// ahead, or by whom. All chains of a team have the same `trees` and `visits`, and so make as many
/// proposals.
template <typename Group, typename Team>
WARPSHARD_HD void run_steps(Group group, Team team, const ModelView& model, ChainView& chain,
                            const MovePolicy& policy, std::uint64_t trees, std::uint64_t moves,
                            std::int64_t visits) {
  group.sync();
  const MoveScratch& scratch = chain.scratch;
  const std::int32_t own = scratch.num_rooms;
  const std::int32_t before = team.rank() * own;
  const std::int64_t stop = chain.counters->visits() + visits;
  for (std::uint64_t done = 0; chain.counters->visits() < stop;
       done += static_cast<std::uint64_t>(team.size() * own)) {
    const auto random_of = [&](std::int32_t k) {
      return RandomStream(trees, 2 * (done + static_cast<std::uint64_t>(k)));
    };
    const GrowthOrder<Group> order(group, policy, scratch, team.size() * own, random_of);
    for (std::int32_t k = 0; k < own; ++k) {
      const std::int32_t tree = order.of(team.rank(), team.size(), k);
      TreeGrowth<Group>(group, model, TreeRoom(scratch.rooms, tree - before))
          .grow(policy, random_of(tree));
    }
    group.sync();
    for (std::int32_t k = 0; k < team.size() * own && chain.counters->visits() < stop; ++k) {
      if (k % kTreesTogether == 0) team.sync();
      const TreeView tree(TreeRoom(scratch.rooms, k - before));
      const RandomStream random(moves, 2 * (done + static_cast<std::uint64_t>(k)) + 1);
      if (tree.size == 1) {
        flip(group, model, chain, tree.nodes[0].variable, random.block(0).words[0]);
      } else {
        TreeBlock<Group>(group, model, chain, tree).move(random);
      }
    }
    team.sync();  // all have seen the trees that others take the place of
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
