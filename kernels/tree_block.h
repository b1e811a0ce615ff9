#pragma once

#include <cassert>
#include <cstdint>

#include "kernels/commit.h"
#include "kernels/group_place.h"
#include "kernels/grown_tree.h"
#include "kernels/score.h"

namespace warpshard {

/// Tree-block move: conditions an induced tree on everything else, adds noise to every value and
/// finds the tree's best assignment by min-sum dynamic programming. The whole block is taken if it
/// fits in memory and refused if not. Scores are floats, the account is left to settle_account().
template <typename Group>
class TreeBlock {
 public:
  WARPSHARD_HD TreeBlock(Group group, const ModelView& model, ChainView& chain,
                         const TreeView& tree)
      : group_(group), model_(model), chain_(chain), scratch_(chain.scratch), tree_(tree) {}

  WARPSHARD_HD void move(RandomStream& random) {
    score(random);
    pass_up();
    read_down();
    apply();
    group_.sync();  // before the next block overwrites the scratch
  }

 private:
  WARPSHARD_HD std::int32_t stride(std::int32_t k) const {
    return tree_.nodes[k + 1].score - tree_.nodes[k].score;
  }

  /// Rows wait for memory far away: those of many variables are on their way before the first is
  /// needed.
  WARPSHARD_HD void score(RandomStream& random) {
    std::int64_t deltas = 0;
    for (std::int32_t k = 0; k < tree_.size;) {
      const std::int32_t end = gather(k, random);
      const std::int32_t first_item = tree_.nodes[k].first_item;
      for (; k < end; ++k) {
        score_rows(k, first_item);
        deltas += tree_.nodes[k].domain;
      }
      group_.sync();
    }
    if (group_.rank() == 0) {
      chain_.counters->deltas += deltas;
      chain_.counters->tree_visits += tree_.size;
      ++chain_.counters->blocks;
    }
  }

  /// Finds where the rows of the variables from `first` on start, as many as there is room for.
  /// Returns where it stopped.
  WARPSHARD_HD std::int32_t gather(std::int32_t first, RandomStream& random) {
    const std::int32_t first_item = tree_.nodes[first].first_item;
    std::int32_t k = first;
    for (; k < tree_.size; ++k) {
      const TreeNode& node = tree_.nodes[k];
      const std::int32_t end = tree_.nodes[k + 1].first_item;
      if (end - first_item > MoveScratch::kRows && k > first) break;
      const std::uint32_t word = random.word();
      if (group_.rank() == 0) scratch_.noise_words[k] = word;
      Group::prefetch(chain_.noise.window(word));
      Group::prefetch(chain_.priced_unary + node.row);
      const std::int32_t length = stride(k);
      for (std::int32_t i = node.first_item + group_.rank(); i < end; i += group_.size()) {
        const std::uint32_t row = row_of(tree_.items[i], length);
        Group::prefetch(model_.tables + row);
        if (i - first_item < MoveScratch::kRows) scratch_.rows[i - first_item] = row;
      }
    }
    group_.sync();
    return k;
  }

  /// Where a variable's row of `length` for the present value of an outer neighbour starts.
  WARPSHARD_HD std::uint32_t row_of(const TreeItem& item, std::int32_t length) const {
    return item.rows + static_cast<std::uint32_t>(chain_.values[item.neighbour]) *
                           static_cast<std::uint32_t>(length);
  }

  /// A variable's scores from the rows that were gathered from `first_item` on.
  WARPSHARD_HD void score_rows(std::int32_t k, std::int32_t first_item) {
    const TreeNode& node = tree_.nodes[k];
    const std::int32_t begin = node.first_item - first_item;
    const std::int32_t end = tree_.nodes[k + 1].first_item - first_item;
    const std::int32_t gathered = end < MoveScratch::kRows ? end : MoveScratch::kRows;
    const std::int32_t length = stride(k);
    const float* const unary = chain_.priced_unary + node.row;
    const float* const noise = chain_.noise.window(scratch_.noise_words[k]);
    for (std::int32_t d = group_.first(); d < length; d += Group::kStep) {
      auto sum = Group::load(unary + d) - Group::splat(chain_.temperature) * Group::load(noise + d);
      for (std::int32_t i = begin; i < gathered; ++i)
        sum = sum + Group::load(model_.tables + scratch_.rows[i] + d);
      for (std::int32_t i = gathered; i < end; ++i)
        sum = sum + Group::load(model_.tables + row_of(tree_.items[first_item + i], length) + d);
      Group::store(scratch_.scores + node.score + d, sum);
    }
  }

  /// Adds to every parent's scores the least that the child's subtree costs at each of its values.
  WARPSHARD_HD void pass_up() {
    for (std::int32_t k = tree_.size - 1; k > 0; --k) {
      const TreeNode& node = tree_.nodes[k];
      const std::int32_t length = stride(node.parent);
      if (k > kTablesAhead) prefetch_table(k - kTablesAhead);
      const float* const child = scratch_.scores + node.score;
      float* const scores = scratch_.scores + tree_.nodes[node.parent].score;
      const float* const table = model_.tables + node.up;
      for (std::int32_t d = group_.first(); d < length; d += Group::kStep) {
        const auto least = least_of(child, table + d, node.domain, length);
        Group::store(scores + d, Group::load(scores + d) + least);
      }
      group_.sync();
    }
  }

  /// The least over the child's values; in two halves, so that one does not wait for the other.
  WARPSHARD_HD static auto least_of(const float* child, const float* column, std::int32_t domain,
                                    std::int32_t length) {
    auto even = Group::splat(child[0]) + Group::load(column);
    auto odd = even;
    std::int32_t c = 1;
    for (; c + 1 < domain; c += 2) {
      odd = Group::min(odd, Group::splat(child[c]) + Group::load(column + c * length));
      even = Group::min(even, Group::splat(child[c + 1]) + Group::load(column + (c + 1) * length));
    }
    if (c < domain)
      odd = Group::min(odd, Group::splat(child[c]) + Group::load(column + c * length));
    return Group::min(even, odd);
  }

  WARPSHARD_HD void prefetch_table(std::int32_t k) const {
    constexpr std::int32_t kLine = 64 / sizeof(float);
    const TreeNode& node = tree_.nodes[k];
    const std::int32_t entries = node.domain * stride(node.parent);
    for (std::int32_t e = 0; e < entries; e += kLine) Group::prefetch(model_.tables + node.up + e);
  }

  /// Chooses the root's best value, then every child's best given its parent's.
  WARPSHARD_HD void read_down() {
    for (std::int32_t k = 0; k < tree_.size; ++k) {
      const TreeNode& node = tree_.nodes[k];
      float* const scores = scratch_.scores + node.score;
      const std::int32_t length = stride(k);
      if (k > 0) {
        const std::int32_t given = scratch_.tree_value[node.parent];
        const float* const row = model_.tables + node.down + given * length;
        for (std::int32_t d = group_.first(); d < length; d += Group::kStep)
          Group::store(scores + d, Group::load(scores + d) + Group::load(row + d));
        group_.sync();
      }
      const std::int32_t value = Group::arg_min(scores, length);
      assert(is_score(scores[value]));
      if (group_.rank() == 0) scratch_.tree_value[k] = value;
      group_.sync();
    }
  }

  WARPSHARD_HD void apply() {
    const std::int32_t changes = list_changes();
    if (changes == 0) return;
    for (std::int32_t n = 0; n < changes; ++n) move_memory_of(n, false);
    if (chain_.memory.least(group_) < 0) {
      for (std::int32_t n = 0; n < changes; ++n) move_memory_of(n, true);
      if (group_.rank() == 0) ++chain_.counters->blocks_refused;
      return;
    }
    for (std::int32_t n = group_.rank(); n < changes; n += group_.size()) {
      const std::int32_t k = scratch_.tree_changes[n];
      chain_.values[tree_.nodes[k].variable] = static_cast<std::uint16_t>(scratch_.tree_value[k]);
    }
    if (group_.rank() == 0) {
      chain_.counters->changes += changes;
      ++chain_.counters->accepted;
    }
  }

  /// Lists the variables that take another value; returns how many.
  WARPSHARD_HD std::int32_t list_changes() {
    std::int32_t changes = 0;
    for (std::int32_t base = 0; base < tree_.size; base += group_.size()) {
      const std::int32_t k = base + group_.rank();
      const bool changed =
          k < tree_.size && scratch_.tree_value[k] != chain_.values[tree_.nodes[k].variable];
      const GroupPlace place = group_.place(changed);
      if (changed || Group::size() == 1) scratch_.tree_changes[changes + place.before] = k;
      changes += place.total;
    }
    group_.sync();
    return changes;
  }

  WARPSHARD_HD void move_memory_of(std::int32_t n, bool back) {
    const std::int32_t k = scratch_.tree_changes[n];
    const std::int32_t v = tree_.nodes[k].variable;
    const std::int32_t from = chain_.values[v];
    const std::int32_t to = scratch_.tree_value[k];
    move_memory(group_, model_, chain_, v, back ? to : from, back ? from : to);
  }

  static constexpr std::int32_t kTablesAhead = 3;

  Group group_;
  const ModelView& model_;
  ChainView& chain_;
  const MoveScratch& scratch_;
  const TreeView tree_;
};

}  // namespace warpshard
