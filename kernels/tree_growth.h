#pragma once

#include <cstdint>

#include "kernels/grown_tree.h"
#include "kernels/marks.h"
#include "kernels/model_view.h"
#include "kernels/move_policy.h"
#include "kernels/philox.h"

namespace warpshard {

/// Grows a random induced tree, in the form that its visit reads. That is a walk of loads that wait
/// for each other: on a GPU the lanes of a warp grow a tree each, ahead of the visits.
template <typename Lane>
class TreeGrowth {
 public:
  WARPSHARD_HD TreeGrowth(const ModelView& model, const TreeRoom& room)
      : model_(model), room_(room) {}

  /// Around a random root, of which there must be one. The tree that was there is gone.
  WARPSHARD_HD void grow(const MovePolicy& policy, RandomStream random) {
    const auto sizes =
        static_cast<std::uint32_t>(policy.most_log2_tree - policy.least_log2_tree + 1);
    const std::int32_t root =
        policy.roots[random.below(static_cast<std::uint32_t>(policy.num_roots))];
    const std::int32_t size = std::int32_t{1} << (policy.least_log2_tree +
                                                  static_cast<std::int32_t>(random.below(sizes)));
    grow(root, size, random);
    end_tree();
  }

 private:
  // Marks of a variable relative to the tree's stamp; anything below the stamp is untouched.
  static constexpr std::uint32_t kTouchedOnce = 0;
  static constexpr std::uint32_t kTouchedTwice = 1;
  static constexpr std::uint32_t kInTree = 2;
  static constexpr std::uint32_t kMarks = 3;

  WARPSHARD_HD std::int32_t degree(std::int32_t v) const {
    return model_.arc_offsets[v + 1] - model_.arc_offsets[v];
  }

  WARPSHARD_HD void grow(std::int32_t root, std::int32_t size, RandomStream& random) {
    std::int32_t arcs_left = TreeRoom::kItems - degree(root);
    if (size == 1 || arcs_left < 0) return write_node(root, /*parent=*/0, Arc{}, Arc{});
    stamp_ = take_stamps(Lane{}, room_, model_.num_variables, kMarks);
    join(root, /*parent=*/0, Arc{}, Arc{});
    while (size_ < size && frontier_ > 0) {
      const std::uint32_t pick = random.below(static_cast<std::uint32_t>(frontier_));
      const TreeCandidate candidate = room_.frontier[pick];
      room_.frontier[pick] = room_.frontier[--frontier_];
      const Arc& arc = model_.arcs[candidate.arc];
      const std::int32_t v = arc.neighbour;
      if (room_.marks[v] != stamp_ + kTouchedOnce) continue;
      arcs_left -= degree(v);
      if (arcs_left < 0 || num_scores_ + model_.stride(v) > room_.score_room) break;
      join(v, candidate.parent, arc, model_.arcs[arc.reverse]);
    }
    write_items();
  }

  /// Takes v into the tree and its untouched neighbours into the frontier.
  WARPSHARD_HD void join(std::int32_t v, std::int32_t parent, const Arc& to_child,
                         const Arc& to_parent) {
    room_.marks[v] = stamp_ + kInTree;
    const std::int32_t end = model_.arc_offsets[v + 1];
    std::int32_t frontier = frontier_;
    for (std::int32_t a = model_.arc_offsets[v]; a < end; ++a) {
      const bool fresh = touch(room_.marks[model_.arcs[a].neighbour]);
      if ((fresh || Lane::kWritesAll) && frontier < TreeRoom::kMaxFrontier)
        room_.frontier[frontier] = {a, size_};
      frontier += fresh ? 1 : 0;
    }
    frontier_ = frontier < TreeRoom::kMaxFrontier ? frontier : TreeRoom::kMaxFrontier;
    write_node(v, parent, to_child, to_parent);
  }

  /// Marks a neighbour of a variable that joins; true if nothing in the tree touched it before.
  WARPSHARD_HD bool touch(std::uint32_t& mark) const {
    const std::uint32_t seen = mark;
    const bool fresh = seen < stamp_;
    const std::uint32_t again = seen + (seen == stamp_ + kTouchedOnce ? 1 : 0);
    const std::uint32_t now = fresh ? stamp_ + kTouchedOnce : again;
    if (now != seen || Lane::kWritesAll) mark = now;
    return fresh;
  }

  WARPSHARD_HD void write_node(std::int32_t v, std::int32_t parent, const Arc& to_child,
                               const Arc& to_parent) {
    TreeNode& node = room_.nodes[size_];
    node.variable = v;
    node.domain = model_.domains[v];
    node.row = model_.row_offsets[v];
    node.score = num_scores_;
    node.up = to_child.rows;
    node.down = to_parent.rows;
    node.parent = static_cast<std::uint16_t>(parent);
    node.first_item = 0;
    if constexpr (Lane::kByLevels) link(node, parent);
    num_scores_ += model_.stride(v);
    num_values_ += node.domain;
    ++size_;
  }

  /// Children are listed from the last to the first: that is the order in which a walk from the
  /// tree's end meets them.
  WARPSHARD_HD void link(TreeNode& node, std::int32_t parent) {
    node.child = node.sibling = 0;
    std::int32_t depth = 0;
    if (size_ > 0) {
      node.sibling = room_.nodes[parent].child;
      room_.nodes[parent].child = static_cast<std::uint16_t>(size_);
      depth = room_.levels.depth[parent] + 1;
    }
    room_.levels.depth[size_] = static_cast<std::uint16_t>(depth);
    num_levels_ = depth < num_levels_ ? num_levels_ : depth + 1;
  }

  /// Writes down every variable's arcs out of the tree.
  WARPSHARD_HD void write_items() {
    for (std::int32_t k = 0; k < size_; ++k) {
      TreeNode& node = room_.nodes[k];
      node.first_item = static_cast<std::uint16_t>(num_items_);
      const std::int32_t length = row_length(node.domain);
      const std::int32_t end = model_.arc_offsets[node.variable + 1];
      for (std::int32_t a = model_.arc_offsets[node.variable]; a < end; ++a) {
        const Arc& arc = model_.arcs[a];
        const bool outside = room_.marks[arc.neighbour] != stamp_ + kInTree;
        // There is room for all of the tree's arcs, whether they count or not; see grow().
        if (outside || Lane::kWritesAll)
          room_.items[num_items_] = {arc.neighbour, arc.rows, length};
        num_items_ += outside ? 1 : 0;
      }
    }
  }

  WARPSHARD_HD void end_tree() {
    if constexpr (Lane::kByLevels) lay_out_levels();
    room_.nodes[0].parent = static_cast<std::uint16_t>(size_);
    TreeNode& end = room_.nodes[size_];
    end.score = num_scores_;
    end.domain = num_values_;
    end.first_item = static_cast<std::uint16_t>(num_items_);
    end.parent = static_cast<std::uint16_t>(num_levels_);
  }

  WARPSHARD_HD void lay_out_levels() {
    const TreeLevels& levels = room_.levels;
    for (std::int32_t level = 0; level <= num_levels_; ++level) levels.first[level] = 0;
    for (std::int32_t k = 0; k < size_; ++k) ++levels.first[levels.depth[k] + 1];
    for (std::int32_t level = 1; level < num_levels_; ++level)
      levels.first[level + 1] =
          static_cast<std::uint16_t>(levels.first[level + 1] + levels.first[level]);
    for (std::int32_t k = 0; k < size_; ++k)
      levels.order[levels.first[levels.depth[k]]++] = static_cast<std::uint16_t>(k);
    // Each level now begins where the one after it should.
    for (std::int32_t level = num_levels_; level > 0; --level)
      levels.first[level] = levels.first[level - 1];
    levels.first[0] = 0;
    std::int32_t score = 0;
    for (std::int32_t j = 0; j < size_; ++j) {
      TreeNode& node = room_.nodes[levels.order[j]];
      node.score = score;
      const std::int32_t end = score + row_length(node.domain);
      for (; score < end; score += kRowPad) levels.owner[score / kRowPad] = levels.order[j];
    }
  }

  const ModelView& model_;
  const TreeRoom room_;
  std::uint32_t stamp_ = 0;
  std::int32_t size_ = 0;
  std::int32_t frontier_ = 0;
  std::int32_t num_items_ = 0;
  std::int32_t num_scores_ = 0;
  std::int32_t num_values_ = 0;
  std::int32_t num_levels_ = 0;
};

}  // namespace warpshard
