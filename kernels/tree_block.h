#pragma once

#include <cassert>
#include <cstdint>

#include "kernels/grown_tree.h"
#include "kernels/level_passes.h"
#include "kernels/philox.h"
#include "kernels/score.h"
#include "kernels/tree_changes.h"
#include "kernels/tree_scores.h"
#include "kernels/wide_lane.h"

namespace warpshard {

/// Tree-block move: conditions an induced tree on everything else, adds noise to every value and
/// finds the tree's best assignment by min-sum dynamic programming. The whole block is taken if it
/// fits in memory and refused if not. Scores are floats, the account is left to settle_account().
///
/// One lane walks the tree from its end to its root and back; where there are more, see
/// LevelPasses.
template <typename Group>
class TreeBlock {
 public:
  WARPSHARD_HD TreeBlock(Group group, const ModelView& model, ChainView& chain,
                         const TreeView& tree)
      : group_(group), model_(model), chain_(chain), scratch_(chain.scratch), tree_(tree) {}

  /// `random`: words of the move's own, from the stream's beginning.
  WARPSHARD_HD void move(const RandomStream& random) {
    TreeScores<Group>(group_, model_, chain_, tree_).score(random);
    if constexpr (Group::size() == 1) {
      pass_up();
      read_down();
    } else {
      LevelPasses<Group>(group_, model_, scratch_, tree_).run();
    }
    count();
    apply();
    group_.sync();  // before the next block overwrites the scratch
  }

 private:
  using Lane = typename Group::Lane;
  using Wide = WideLane<Lane>;

  /// Adds to every parent's scores the least that its children's subtrees cost at each of its
  /// values.
  WARPSHARD_HD void pass_up() {
    for (std::int32_t k = tree_.size - 1; k > 0; --k) {
      if (k > kTablesAhead) prefetch_table(k - kTablesAhead);
      add_child(k);
    }
  }

  /// Adds what a child costs at each of its parent's values.
  WARPSHARD_HD void add_child(std::int32_t child) {
    const TreeNode& node = tree_.nodes[child];
    const std::int32_t length = tree_.stride(node.parent);
    const float* const costs = scratch_.scores + node.score;
    float* const scores = scratch_.scores + tree_.nodes[node.parent].score;
    const float* const table = model_.tables + node.up;
    std::int32_t d = 0;
    for (; d <= length - Wide::kStep; d += Wide::kStep)
      add_least<Wide>(costs, table + d, node.domain, length, scores + d);
    if (d < length) add_least<Lane>(costs, table + d, node.domain, length, scores + d);
  }

  /// Adds the least over the child's values; in two halves, so that one does not wait for the
  /// other.
  template <typename SomeLane>
  WARPSHARD_HD static void add_least(const float* child, const float* column, std::int32_t domain,
                                     std::int32_t length, float* scores) {
    const auto cost = [&](std::int32_t c) {
      return SomeLane::splat(child[c]) + SomeLane::load(column + c * length);
    };
    auto even = cost(0);
    auto odd = even;
    std::int32_t c = 1;
    for (; c + 1 < domain; c += 2) {
      odd = SomeLane::min(odd, cost(c));
      even = SomeLane::min(even, cost(c + 1));
    }
    if (c < domain) odd = SomeLane::min(odd, cost(c));
    SomeLane::store(scores, SomeLane::load(scores) + SomeLane::min(even, odd));
  }

  WARPSHARD_HD void prefetch_table(std::int32_t k) const {
    constexpr std::int32_t kLine = 64 / sizeof(float);
    const TreeNode& node = tree_.nodes[k];
    const std::int32_t entries = node.domain * tree_.stride(node.parent);
    for (std::int32_t e = 0; e < entries; e += kLine) Group::prefetch(model_.tables + node.up + e);
  }

  /// Chooses the root's best value, then every child's best given its parent's.
  WARPSHARD_HD void read_down() {
    for (std::int32_t k = 0; k < tree_.size; ++k) choose(k);
  }

  WARPSHARD_HD void choose(std::int32_t k) {
    const TreeNode& node = tree_.nodes[k];
    float* const scores = scratch_.scores + node.score;
    const std::int32_t length = tree_.stride(k);
    if (k > 0) {
      const std::int32_t given = scratch_.tree_values[node.parent];
      const float* const row = model_.tables + node.down + given * length;
      for (std::int32_t d = 0; d < length; d += Lane::kStep)
        Lane::store(scores + d, Lane::load(scores + d) + Lane::load(row + d));
    }
    const std::int32_t value = Lane::arg_min(scores, length);
    assert(is_score(scores[value]));
    scratch_.tree_values[k] = static_cast<std::uint16_t>(value);
  }

  WARPSHARD_HD void count() {
    if (group_.rank() != 0) return;
    chain_.counters->deltas += tree_.num_values();
    chain_.counters->tree_visits += tree_.size;
    ++chain_.counters->blocks;
  }

  /// Takes the values that were chosen, if they fit in memory.
  WARPSHARD_HD void apply() {
    TreeChanges<Group> changes(group_, model_, chain_, tree_);
    const std::int32_t count = changes.move_memory();
    if (count == 0) return;
    if (chain_.memory.least(group_) < 0) {
      changes.move_back();
      if (group_.rank() == 0) ++chain_.counters->blocks_refused;
      return;
    }
    changes.take();
    if (group_.rank() == 0) {
      chain_.counters->changes += count;
      ++chain_.counters->accepted;
    }
  }

  static constexpr std::int32_t kTablesAhead = 3;

  Group group_;
  const ModelView& model_;
  ChainView& chain_;
  const MoveScratch& scratch_;
  const TreeView tree_;
};

}  // namespace warpshard
