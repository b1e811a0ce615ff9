#pragma once

#include <cstdint>

#include "kernels/grown_tree.h"
#include "kernels/model_view.h"
#include "kernels/pcg.h"
#include "kernels/tree_marks.h"

namespace warpshard {

/// Grows a random induced tree by one lane; see TreeGrowth. A variable's arcs are looked at once,
/// when it joins: all of them but the one to its parent become the tree's items, and those that
/// reach a new variable wait to let it join. Where it does, its item comes to stand for a row of
/// zeros: to add that takes less than to look at all arcs again for those that stay outside.
template <typename Group>
class SerialGrowth {
 public:
  WARPSHARD_HD SerialGrowth(Group group, const ModelView& model, const TreeRoom& room)
      : group_(group),
        model_(model),
        room_(room),
        nodes_(room.nodes()),
        items_(room.items()),
        waiting_arcs_(room.all().waiting) {}

  /// Grows one of up to `size` variables.
  WARPSHARD_HD void grow(std::int32_t root, std::int32_t size, Pcg& picks) {
    write_node(root);
    if (size > 1) grow_on(root, size, picks);
    room_.end_tree(size_, num_scores_, num_values_, num_items_);
  }

 private:
  static_assert(Group::size() == 1);

  /// What waits are numbers of items and, in units of this, of their nodes.
  static constexpr std::uint32_t kParents = 1 << 16;

  WARPSHARD_HD void grow_on(std::int32_t root, std::int32_t size, Pcg& picks) {
    std::int32_t arcs_left = TreeRoom::kItems - degree(root);
    std::int32_t quads_left = room_.all().quad_room;
    const bool counts = may_exceed(TreeRoom::kItems, size, model_.max_stride, quads_left);
    if (counts) quads_left -= quads_to_join(degree(root), model_.domains[root], 0);
    if (arcs_left < 0 || quads_left < 0) return;
    const std::int32_t score_room = room_.all().score_room;
    marks_ = TreeMarks(group_, room_.all(), model_.num_variables);
    look_around(root, /*to_parent=*/-1);
    while (size_ < size && draw(picks)) {
      const Arc arc = items_[candidate_ % kParents];
      const std::int32_t v = arc.neighbour;
      arcs_left -= degree(v);
      if (arcs_left < 0 || num_scores_ + model_.stride(v) > score_room) return;
      if (counts) {
        const std::int32_t parent_domain = nodes_[candidate_ / kParents].domain;
        quads_left -= quads_to_join(degree(v), model_.domains[v], parent_domain);
        if (quads_left < 0) return;
      }
      join(arc);
      look_around(v, arc.reverse);
    }
  }

  WARPSHARD_HD std::int32_t degree(std::int32_t v) const {
    return model_.arc_offsets[v + 1] - model_.arc_offsets[v];
  }

  /// Makes items of the arcs of the variable that joined last.
  WARPSHARD_HD void look_around(std::int32_t v, std::int32_t to_parent) {
    const std::uint32_t parent = static_cast<std::uint32_t>(size_ - 1) * kParents;
    const std::int32_t end = model_.arc_offsets[v + 1];
    for (std::int32_t a = model_.arc_offsets[v]; a < end; ++a) {
      // Stores that do not matter spare branches that nobody can predict.
      items_[num_items_] = model_.arcs[a];
      waiting_arcs_[waiting_] = parent + static_cast<std::uint32_t>(num_items_);
      waiting_ += marks_.touch(model_.arcs[a].neighbour) ? 1 : 0;
      num_items_ += a != to_parent ? 1 : 0;
    }
    marks_.join(v);
    waiting_ = waiting_ < TreeRoom::kMaxFrontier ? waiting_ : TreeRoom::kMaxFrontier;
  }

  /// Draws a candidate that may join; false if there is none left.
  WARPSHARD_HD bool draw(Pcg& picks) {
    while (waiting_ > 0) {
      const std::uint32_t pick = picks.below(static_cast<std::uint32_t>(waiting_));
      candidate_ = waiting_arcs_[pick];
      waiting_arcs_[pick] = waiting_arcs_[--waiting_];
      if (marks_.touched_once(items_[candidate_ % kParents].neighbour)) return true;
    }
    return false;
  }

  /// Takes the candidate into the tree, by an arc of its parent's.
  WARPSHARD_HD void join(const Arc& arc) {
    TreeNode& node = nodes_[size_];
    node.take_tables(model_, arc);
    node.parent = static_cast<std::uint16_t>(candidate_ / kParents);
    Arc& item = items_[candidate_ % kParents];
    item.rows = model_.zeros;
    item.length = 0;
    write_node(arc.neighbour);
  }

  WARPSHARD_HD void write_node(std::int32_t v) {
    TreeNode& node = nodes_[size_];
    node.take_variable(model_, v);
    node.score = num_scores_;
    node.first_item = static_cast<std::uint16_t>(num_items_);
    node.joined = static_cast<std::uint16_t>(size_);
    num_scores_ += row_length(node.domain);
    num_values_ += node.domain;
    ++size_;
  }

  Group group_;
  const ModelView& model_;
  const TreeRoom room_;
  TreeNode* const nodes_;
  Arc* const items_;
  std::uint32_t* const waiting_arcs_;
  TreeMarks marks_;
  std::uint32_t candidate_ = 0;  ///< the last to be drawn
  std::int32_t waiting_ = 0;
  std::int32_t size_ = 0;
  std::int32_t num_items_ = 0;
  std::int32_t num_scores_ = 0;
  std::int32_t num_values_ = 0;
};

}  // namespace warpshard
