#pragma once

#include <cassert>
#include <cstdint>

#include "kernels/commit.h"
#include "kernels/group_place.h"
#include "kernels/marks.h"
#include "kernels/score.h"

namespace warpshard {

/// Tree-block move: grows a random induced tree, conditions on everything else, adds noise to every
/// value and finds the tree's best assignment by min-sum dynamic programming. The whole block is
/// taken if it fits in memory and refused if not. Scores are floats, the cost accounted is exact.
template <typename Group>
class TreeBlock {
 public:
  WARPSHARD_HD TreeBlock(Group group, const ModelView& model, ChainView& chain)
      : group_(group), model_(model), chain_(chain), scratch_(chain.scratch) {}

  /// Proposes one block of at most `size` variables, of which there may be kMaxTree, around `root`.
  /// Returns the number of variables that changed.
  WARPSHARD_HD std::int32_t move(std::int32_t root, std::int32_t size, RandomStream& random) {
    grow(root, size, random);
    score(random);
    pass_up();
    read_down();
    const std::int32_t changed = apply();
    group_.sync();  // before the next block overwrites the tree
    return changed;
  }

 private:
  // Marks of a variable relative to the block's stamp; anything below the stamp is untouched.
  static constexpr std::uint32_t kTouchedOnce = 0;
  static constexpr std::uint32_t kTouchedTwice = 1;
  static constexpr std::uint32_t kInTree = 2;
  static constexpr std::uint32_t kMarks = 3;

  WARPSHARD_HD bool in_tree(std::int32_t v) const { return scratch_.marks[v] == stamp_ + kInTree; }

  /// Takes v into the tree and its untouched neighbours into the frontier. A variable meets each of
  /// its neighbours once, so no two lanes touch the same mark.
  WARPSHARD_HD void join(std::int32_t v, std::int32_t parent, std::int32_t arc_to_parent) {
    const std::int32_t k = size_++;
    if (group_.rank() == 0) {
      scratch_.tree_variable[k] = v;
      scratch_.tree_parent[k] = parent;
      scratch_.tree_arc[k] = arc_to_parent;
      scratch_.tree_score[k] = score_end_;
      scratch_.marks[v] = stamp_ + kInTree;
    }
    score_end_ += model_.stride(v);
    const std::int32_t end = model_.arc_offsets[v + 1];
    std::int32_t frontier = frontier_;
    for (std::int32_t base = model_.arc_offsets[v]; base < end; base += group_.size()) {
      const std::int32_t a = base + group_.rank();
      const bool fresh = a < end && touch(scratch_.marks[model_.arcs[a].neighbour]);
      const GroupPlace place = group_.place(fresh);
      if (fresh && frontier + place.before < MoveScratch::kMaxFrontier) {
        scratch_.frontier_arc[frontier + place.before] = a;
        scratch_.frontier_parent[frontier + place.before] = k;
      }
      frontier += place.total;
    }
    frontier_ = frontier < MoveScratch::kMaxFrontier ? frontier : MoveScratch::kMaxFrontier;
    group_.sync();
  }

  /// Marks a neighbour of a variable that joins; true if nothing in the tree touched it before.
  WARPSHARD_HD bool touch(std::uint32_t& mark) const {
    if (mark < stamp_) {
      mark = stamp_ + kTouchedOnce;
      return true;
    }
    if (mark == stamp_ + kTouchedOnce) mark = stamp_ + kTouchedTwice;
    return false;
  }

  /// Every lane draws the same candidates; the lanes share the work of looking at their neighbours.
  WARPSHARD_HD void grow(std::int32_t root, std::int32_t size, RandomStream& random) {
    stamp_ = take_stamps(group_, scratch_, model_.num_variables, kMarks);
    join(root, -1, -1);
    while (size_ < size && frontier_ > 0) {
      const std::uint32_t pick = random.below(static_cast<std::uint32_t>(frontier_));
      const std::int32_t arc = scratch_.frontier_arc[pick];
      const std::int32_t parent = scratch_.frontier_parent[pick];
      const std::int32_t v = model_.arcs[arc].neighbour;
      const bool touched_once = scratch_.marks[v] == stamp_ + kTouchedOnce;
      drop_candidate(pick);
      if (!touched_once) continue;
      if (score_end_ + model_.stride(v) > scratch_.score_room) break;
      join(v, parent, model_.arcs[arc].reverse);
    }
    group_.sync();
  }

  WARPSHARD_HD void drop_candidate(std::uint32_t pick) {
    --frontier_;
    const std::int32_t last_arc = scratch_.frontier_arc[frontier_];
    const std::int32_t last_parent = scratch_.frontier_parent[frontier_];
    group_.sync();
    if (group_.rank() == 0) {
      scratch_.frontier_arc[pick] = last_arc;
      scratch_.frontier_parent[pick] = last_parent;
    }
    group_.sync();
  }

  WARPSHARD_HD void score(RandomStream& random) {
    for (std::int32_t k = 0; k < size_; ++k) {
      const std::int32_t v = scratch_.tree_variable[k];
      score_values(
          group_, model_, chain_, v, chain_.noise.window(random.word()),
          [this](std::int32_t neighbour) { return in_tree(neighbour); },
          scratch_.scores + scratch_.tree_score[k]);
      if (group_.rank() == 0) chain_.counters->deltas += model_.domains[v];
    }
    if (group_.rank() == 0) {
      chain_.counters->tree_visits += size_;
      ++chain_.counters->blocks;
    }
  }

  /// Adds to every parent's scores the least that the child's subtree costs at each of its values.
  WARPSHARD_HD void pass_up() {
    for (std::int32_t k = size_ - 1; k > 0; --k) {
      const std::int32_t parent = scratch_.tree_parent[k];
      const std::int32_t stride = model_.stride(scratch_.tree_variable[parent]);
      const std::int32_t domain = model_.domains[scratch_.tree_variable[k]];
      const float* const child = scratch_.scores + scratch_.tree_score[k];
      float* const scores = scratch_.scores + scratch_.tree_score[parent];
      const Arc& to_parent = model_.arcs[scratch_.tree_arc[k]];
      const float* const rows = model_.tables + model_.arcs[to_parent.reverse].rows;
      for (std::int32_t d = group_.first(); d < stride; d += Group::kStep) {
        auto least = Group::splat(child[0]) + Group::load(rows + d);
        for (std::int32_t c = 1; c < domain; ++c)
          least = Group::min(least, Group::splat(child[c]) + Group::load(rows + c * stride + d));
        Group::store(scores + d, Group::load(scores + d) + least);
      }
      group_.sync();
    }
  }

  /// Chooses the root's best value, then every child's best given its parent's.
  WARPSHARD_HD void read_down() {
    for (std::int32_t k = 0; k < size_; ++k) {
      float* const scores = scratch_.scores + scratch_.tree_score[k];
      const std::int32_t stride = model_.stride(scratch_.tree_variable[k]);
      if (k > 0) {
        const std::int32_t given = scratch_.tree_value[scratch_.tree_parent[k]];
        const float* const row =
            model_.tables + model_.arcs[scratch_.tree_arc[k]].at(given, stride);
        for (std::int32_t d = group_.first(); d < stride; d += Group::kStep)
          Group::store(scores + d, Group::load(scores + d) + Group::load(row + d));
        group_.sync();
      }
      const std::int32_t value = Group::arg_min(scores, stride);
      assert(is_score(scores[value]));
      if (group_.rank() == 0) scratch_.tree_value[k] = value;
      group_.sync();
    }
  }

  WARPSHARD_HD std::int32_t apply() {
    for (std::int32_t k = 0; k < size_; ++k) move_one(k, false);
    if (chain_.memory.least(group_) < 0) {
      for (std::int32_t k = 0; k < size_; ++k) move_one(k, true);
      if (group_.rank() == 0) ++chain_.counters->blocks_refused;
      return 0;
    }
    std::int32_t changed = 0;
    for (std::int32_t k = 0; k < size_; ++k) {
      const std::int32_t v = scratch_.tree_variable[k];
      if (scratch_.tree_value[k] == chain_.values[v]) continue;
      move_value(group_, model_, chain_, v, scratch_.tree_value[k]);
      ++changed;
    }
    if (group_.rank() == 0 && changed > 0) ++chain_.counters->accepted;
    return changed;
  }

  WARPSHARD_HD void move_one(std::int32_t k, bool back) {
    const std::int32_t v = scratch_.tree_variable[k];
    const std::int32_t from = chain_.values[v];
    const std::int32_t to = scratch_.tree_value[k];
    if (from == to) return;
    move_memory(group_, model_, chain_, v, back ? to : from, back ? from : to);
  }

  Group group_;
  const ModelView& model_;
  ChainView& chain_;
  const MoveScratch& scratch_;
  std::uint32_t stamp_ = 0;
  std::int32_t size_ = 0;
  std::int32_t frontier_ = 0;
  std::int32_t score_end_ = 0;
};

}  // namespace warpshard
