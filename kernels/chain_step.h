#pragma once

#include <cstdint>

#include "kernels/flip.h"
#include "kernels/tree_block.h"

namespace warpshard {

/// Which moves a chain proposes. Roots are the variables with neighbours; the others are loners.
struct MovePolicy {
  const std::int32_t* roots = nullptr;  ///< [num_roots]
  std::int32_t num_roots = 0;
  const std::int32_t* loners = nullptr;  ///< [num_loners]
  std::int32_t num_loners = 0;
  std::int32_t least_log2_tree = 0;  ///< block sizes are powers of two, drawn evenly in the
  std::int32_t most_log2_tree = 8;   ///< exponent; size one is a flip

  /// True if there are such block sizes, and room for them in MoveScratch.
  WARPSHARD_HD bool valid() const {
    return 0 <= least_log2_tree && least_log2_tree <= most_log2_tree &&
           most_log2_tree <= MoveScratch::kMaxLog2Tree;
  }
};

/// One random proposal: a flip or a tree block around a random root. Needs at least one root.
template <typename Group>
WARPSHARD_HD void chain_step(Group group, const ModelView& model, ChainView& chain,
                             const MovePolicy& policy, RandomStream& random) {
  const std::int32_t root =
      policy.roots[random.below(static_cast<std::uint32_t>(policy.num_roots))];
  const std::uint32_t sizes =
      static_cast<std::uint32_t>(policy.most_log2_tree - policy.least_log2_tree + 1);
  const std::int32_t size =
      std::int32_t{1} << (policy.least_log2_tree + static_cast<std::int32_t>(random.below(sizes)));
  if (size == 1) {
    flip(group, model, chain, root, random.word());
  } else {
    TreeBlock<Group>(group, model, chain).move(root, size, random);
  }
}

/// Makes proposals until about `visits` variables were scored. Needs at least one root.
template <typename Group>
WARPSHARD_HD void run_steps(Group group, const ModelView& model, ChainView& chain,
                            const MovePolicy& policy, RandomStream& random, std::int64_t visits) {
  group.sync();
  const std::int64_t stop = chain.counters->visits() + visits;
  while (chain.counters->visits() < stop) chain_step(group, model, chain, policy, random);
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
