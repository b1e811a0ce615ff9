#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/group_place.h"
#include "kernels/grown_tree.h"
#include "kernels/marks.h"
#include "kernels/model_view.h"
#include "kernels/move_policy.h"

namespace warpshard {

/// Grows a random induced tree, in the form that its visit reads. That takes a quarter of the
/// visit's time, most of it in mispredicted branches and loads that wait for each other.
template <typename Group>
class TreeGrowth {
 public:
  WARPSHARD_HD TreeGrowth(Group group, const ModelView& model, const MoveScratch& scratch)
      : group_(group), model_(model), scratch_(scratch) {}

  /// Around a random root, of which there must be one. What the scratch held before is gone.
  WARPSHARD_HD TreeView grow(const MovePolicy& policy, RandomStream& random) {
    const auto sizes =
        static_cast<std::uint32_t>(policy.most_log2_tree - policy.least_log2_tree + 1);
    const std::int32_t root =
        policy.roots[random.below(static_cast<std::uint32_t>(policy.num_roots))];
    const std::int32_t size = std::int32_t{1} << (policy.least_log2_tree +
                                                  static_cast<std::int32_t>(random.below(sizes)));
    grow(root, size, random);
    return {scratch_.tree_nodes, scratch_.tree_items, size_};
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

  /// Every lane draws the same candidates; the lanes share the work of looking at their neighbours.
  WARPSHARD_HD void grow(std::int32_t root, std::int32_t size, RandomStream& random) {
    std::int32_t arcs_left = MoveScratch::kTreeItems - degree(root);
    if (size == 1 || arcs_left < 0) {
      write_node(root, /*parent=*/0, Arc{}, Arc{});
      end_tree();
      return;
    }
    stamp_ = take_stamps(group_, scratch_, model_.num_variables, kMarks);
    join(root, /*parent=*/0, Arc{}, Arc{});
    while (size_ < size && frontier_ > 0) {
      const std::uint32_t pick = random.below(static_cast<std::uint32_t>(frontier_));
      const Arc& arc = model_.arcs[scratch_.frontier_arc[pick]];
      const std::int32_t parent = scratch_.frontier_parent[pick];
      const std::int32_t v = arc.neighbour;
      const bool touched_once = scratch_.marks[v] == stamp_ + kTouchedOnce;
      drop_candidate(pick);
      if (!touched_once) continue;
      arcs_left -= degree(v);
      if (arcs_left < 0 || score_end_ + model_.stride(v) > scratch_.score_room) break;
      join(v, parent, arc, model_.arcs[arc.reverse]);
    }
    group_.sync();
    write_items();
    end_tree();
  }

  /// Takes v into the tree and its untouched neighbours into the frontier. A variable meets each of
  /// its neighbours once, so no two lanes touch the same mark.
  WARPSHARD_HD void join(std::int32_t v, std::int32_t parent, const Arc& to_child,
                         const Arc& to_parent) {
    if (group_.rank() == 0) scratch_.marks[v] = stamp_ + kInTree;
    const std::int32_t end = model_.arc_offsets[v + 1];
    std::int32_t frontier = frontier_;
    for (std::int32_t base = model_.arc_offsets[v]; base < end; base += group_.size()) {
      const std::int32_t a = base + group_.rank();
      const bool fresh = a < end && touch(scratch_.marks[model_.arcs[a].neighbour]);
      const GroupPlace place = group_.place(fresh);
      const std::int32_t at = frontier + place.before;
      // One lane may write what does not count: that spares it a branch nobody can predict.
      if ((fresh || Group::size() == 1) && at < MoveScratch::kMaxFrontier) {
        scratch_.frontier_arc[at] = a;
        scratch_.frontier_parent[at] = size_;
      }
      frontier += place.total;
    }
    frontier_ = frontier < MoveScratch::kMaxFrontier ? frontier : MoveScratch::kMaxFrontier;
    write_node(v, parent, to_child, to_parent);
    group_.sync();
  }

  /// Marks a neighbour of a variable that joins; true if nothing in the tree touched it before.
  WARPSHARD_HD bool touch(std::uint32_t& mark) const {
    const std::uint32_t seen = mark;
    const bool fresh = seen < stamp_;
    const std::uint32_t again = seen + (seen == stamp_ + kTouchedOnce ? 1 : 0);
    mark = fresh ? stamp_ + kTouchedOnce : again;
    return fresh;
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

  WARPSHARD_HD void write_node(std::int32_t v, std::int32_t parent, const Arc& to_child,
                               const Arc& to_parent) {
    if (group_.rank() == 0) {
      TreeNode& node = scratch_.tree_nodes[size_];
      node.variable = v;
      node.domain = model_.domains[v];
      node.row = model_.row_offsets[v];
      node.score = score_end_;
      node.parent = parent;
      node.first_item = items_;
      node.up = to_child.rows;
      node.down = to_parent.rows;
    }
    ++size_;
    score_end_ += model_.stride(v);
  }

  /// Writes down every variable's arcs out of the tree.
  WARPSHARD_HD void write_items() {
    for (std::int32_t k = 0; k < size_; ++k) {
      TreeNode& node = scratch_.tree_nodes[k];
      const std::int32_t v = node.variable;
      if (group_.rank() == 0) node.first_item = items_;
      const std::int32_t end = model_.arc_offsets[v + 1];
      for (std::int32_t base = model_.arc_offsets[v]; base < end; base += group_.size()) {
        const std::int32_t a = base + group_.rank();
        const Arc arc = a < end ? model_.arcs[a] : Arc{};
        const bool outside = a < end && scratch_.marks[arc.neighbour] != stamp_ + kInTree;
        const GroupPlace place = group_.place(outside);
        // There is room for all of the tree's arcs; see join().
        if (outside || Group::size() == 1)
          scratch_.tree_items[items_ + place.before] = {arc.neighbour, arc.rows};
        items_ += place.total;
      }
    }
  }

  WARPSHARD_HD void end_tree() {
    if (group_.rank() == 0) {
      scratch_.tree_nodes[size_].score = score_end_;
      scratch_.tree_nodes[size_].first_item = items_;
    }
    group_.sync();
  }

  Group group_;
  const ModelView& model_;
  const MoveScratch& scratch_;
  std::int32_t items_ = 0;
  std::uint32_t stamp_ = 0;
  std::int32_t size_ = 0;
  std::int32_t frontier_ = 0;
  std::int32_t score_end_ = 0;
};

}  // namespace warpshard
