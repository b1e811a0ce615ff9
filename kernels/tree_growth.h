#pragma once

#include <cstdint>

#include "kernels/group_place.h"
#include "kernels/grown_tree.h"
#include "kernels/model_view.h"
#include "kernels/move_policy.h"
#include "kernels/pcg.h"
#include "kernels/philox.h"
#include "kernels/serial_growth.h"
#include "kernels/tree_marks.h"
#include "kernels/tree_schedule.h"

namespace warpshard {

/// What a tree's growth begins with: a random root, of which there must be one, and a size.
struct TreeStart {
  std::int32_t root = 0;
  std::int32_t log2_size = 0;

  WARPSHARD_HD TreeStart(const MovePolicy& policy, RandomStream& random)
      : root(policy.roots[random.below(static_cast<std::uint32_t>(policy.num_roots))]),
        log2_size(policy.least_log2_tree +
                  static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(
                      policy.most_log2_tree - policy.least_log2_tree + 1)))) {}
};

/// Grows a random induced tree, in the form that its visit reads. That is a walk of loads that wait
/// for each other, so the lanes of a group look at a variable's arcs together; for one lane that
/// takes no levels see SerialGrowth, which grows the same trees.
template <typename Group>
class TreeGrowth {
 public:
  WARPSHARD_HD TreeGrowth(Group group, const ModelView& model, const TreeRoom& room)
      : group_(group), model_(model), room_(room) {}

  /// The tree that was there is gone. What lanes wrote is for all to see after the group's next
  /// sync().
  WARPSHARD_HD void grow(const MovePolicy& policy, RandomStream random) {
    const TreeStart start(policy, random);
    const std::int32_t size = std::int32_t{1} << start.log2_size;
    Pcg picks(random.seed());  // of candidates
    if constexpr (Group::Lane::kByLevels) {
      grow(start.root, size, picks);
      if (group_.rank() == 0) end_tree();
    } else {
      SerialGrowth<Group>(group_, model_, room_).grow(start.root, size, picks);
    }
  }

 private:
  WARPSHARD_HD std::int32_t degree(std::int32_t v) const {
    return model_.arc_offsets[v + 1] - model_.arc_offsets[v];
  }

  WARPSHARD_HD void grow(std::int32_t root, std::int32_t size, Pcg& picks) {
    std::int32_t arcs_left = TreeRoom::kItems - degree(root);
    std::int32_t quads_left =
        room_.all().quad_room - quads_to_join(degree(root), model_.domains[root], 0);
    if (size == 1 || arcs_left < 0 || quads_left < 0) {
      if (group_.rank() == 0) write_lone(root);
      return;
    }
    marks_ = TreeMarks(group_, room_.all(), model_.num_variables);
    join(root, /*parent=*/0, /*arc=*/-1);
    while (joined_ < size && frontier_ > 0) {
      const TreeCandidate candidate = take_candidate(
          static_cast<std::int32_t>(picks.below(static_cast<std::uint32_t>(frontier_))));
      const std::int32_t v = candidate.variable;
      if (!marks_.touched_once(v)) continue;
      arcs_left -= degree(v);
      quads_left -= quads_to_join(degree(v), model_.domains[v], candidate.parent_domain);
      if (arcs_left < 0 || quads_left < 0 ||
          joined_scores_ + model_.stride(v) > room_.all().score_room)
        break;
      join(v, candidate.parent, candidate.arc);
    }
    lay_out_levels();
    write_items();
    num_scored_ = TreeSchedule<Group>(group_, room_, size_, num_levels_).write();
  }

  /// Takes a candidate out of the frontier; the last one takes its place.
  WARPSHARD_HD TreeCandidate take_candidate(std::int32_t pick) {
    const TreeCandidate candidate = room_.all().frontier[pick];
    const TreeCandidate last = room_.all().frontier[--frontier_];
    group_.sync();  // all lanes have read them
    if (group_.rank() == 0) room_.all().frontier[pick] = last;
    group_.sync();
    return candidate;
  }

  /// Takes v into the tree, by an arc from the parent if there is one, and its untouched neighbours
  /// into the frontier.
  WARPSHARD_HD void join(std::int32_t v, std::int32_t parent, std::int32_t arc) {
    if (group_.rank() == 0) link(v, parent, arc);
    // Two arcs to one neighbour are looked at one after the other.
    const std::int32_t step = model_.parallel_edges ? 1 : group_.size();
    const std::int32_t end = model_.arc_offsets[v + 1];
    const std::int32_t domain = model_.domains[v];
    for (std::int32_t a = model_.arc_offsets[v]; a < end; a += step)
      touch(a + group_.rank(), end - a < step ? end : a + step, domain);
    if (group_.rank() == 0) marks_.join(v);  // all have seen what it was
    frontier_ = frontier_ < TreeRoom::kMaxFrontier ? frontier_ : TreeRoom::kMaxFrontier;
    joined_scores_ += model_.stride(v);
    ++joined_;
    group_.sync();
  }

  /// Marks the neighbour behind arc a of a variable of so many values, if that is below `end`;
  /// takes it into the frontier if nothing in the tree touched it before.
  WARPSHARD_HD void touch(std::int32_t a, std::int32_t end, std::int32_t domain) {
    std::int32_t neighbour = 0;
    bool fresh = false;
    if (a < end) {
      neighbour = model_.arcs[a].neighbour;
      fresh = marks_.touch(neighbour);
    }
    const GroupPlace place = group_.place(fresh);
    const std::int32_t at = frontier_ + place.before;
    if (fresh && at < TreeRoom::kMaxFrontier)
      room_.all().frontier[at] = {neighbour, a, joined_, domain};
    frontier_ += place.total;
  }

  /// Children are listed from the last to the first.
  WARPSHARD_HD void link(std::int32_t v, std::int32_t parent, std::int32_t arc) {
    JoinedVariable joined;
    joined.variable = v;
    joined.arc = arc;
    if (joined_ > 0) {
      JoinedVariable& above = room_.all().joined[parent];
      joined.sibling = above.child;
      above.child = static_cast<std::uint16_t>(joined_);
      ++above.children;
    }
    room_.all().joined[joined_] = joined;
  }

  /// Writes down the variables that joined, level by level: each names its children, which stand
  /// behind all that were named before.
  WARPSHARD_HD void lay_out_levels() {
    if (group_.rank() == 0) room_.nodes()[0].joined = room_.nodes()[0].parent = 0;
    named_ = 1;
    while (size_ < joined_) {
      group_.sync();
      if (group_.rank() == 0) room_.levels()[num_levels_].node = static_cast<std::uint16_t>(size_);
      ++num_levels_;
      const std::int32_t end = named_;
      for (; size_ < end; size_ += group_.size())
        lay_out(size_ + group_.rank(), size_ + group_.rank() < end);
      size_ = end;
    }
    if (group_.rank() == 0) {
      room_.levels()[num_levels_].node = static_cast<std::uint16_t>(joined_);
      TreeNode& end = room_.nodes()[joined_];
      end.first_item = static_cast<std::uint16_t>(num_items_);
      end.first_child = static_cast<std::uint16_t>(joined_);
    }
    num_values_ = static_cast<std::int32_t>(group_.sum(num_values_));
  }

  /// Writes down node k, if there is one.
  WARPSHARD_HD void lay_out(std::int32_t k, bool there) {
    constexpr std::int32_t kChildren = 1 << 16;  // children count so much, items one
    JoinedVariable joined;
    std::int32_t stride = 0;
    std::int32_t counts = 0;
    if (there) {
      joined = room_.all().joined[room_.nodes()[k].joined];
      stride = model_.stride(joined.variable);
      const std::int32_t arcs = degree(joined.variable) - (k > 0 ? 1 : 0);
      const std::int32_t items = arcs > kItemsTogether ? arcs : arcs - joined.children;
      counts = joined.children * kChildren + quads_of(items) * kQuad;
    }
    const GroupPlace scores = group_.prefix_sum(stride);
    const GroupPlace before = group_.prefix_sum(counts);
    if (there) {
      TreeNode& node = room_.nodes()[k];
      std::int32_t child = named_ + before.before / kChildren;
      node.take_variable(model_, joined.variable);
      node.score = num_scores_ + scores.before;
      if (joined.arc >= 0) node.take_tables(model_, model_.arcs[joined.arc]);
      node.first_item = static_cast<std::uint16_t>(num_items_ + before.before % kChildren);
      node.first_child = static_cast<std::uint16_t>(child);
      for (std::int32_t c = joined.child; c > 0; c = room_.all().joined[c].sibling) {
        room_.nodes()[child].joined = static_cast<std::uint16_t>(c);
        room_.nodes()[child++].parent = static_cast<std::uint16_t>(k);
      }
      num_values_ += node.domain;
    }
    named_ += before.total / kChildren;
    num_items_ += before.total % kChildren;
    num_scores_ += scores.total;
  }

  WARPSHARD_HD void write_lone(std::int32_t root) {
    TreeNode& node = room_.nodes()[0];
    node.take_variable(model_, root);
    node.score = 0;
    node.first_item = node.joined = 0;
    size_ = 1;
    num_scores_ = row_length(node.domain);
    num_values_ = node.domain;
  }

  /// Writes down every variable's items, with rows of zeros up to whole quads.
  WARPSHARD_HD void write_items() {
    group_.sync();
    for (std::int32_t k = 0; k < joined_; ++k) {
      const TreeNode& node = room_.nodes()[k];
      const std::int32_t end = model_.arc_offsets[node.variable + 1];
      std::int32_t item = node.first_item;
      for (std::int32_t a = model_.arc_offsets[node.variable]; a < end; a += group_.size())
        item += write_item(k, a + group_.rank(), end, item);
      const std::int32_t end_item = room_.nodes()[k + 1].first_item;
      for (item += group_.rank(); item < end_item; item += group_.size())
        room_.items()[item] = {.rows = model_.zeros};
    }
    group_.sync();
  }

  /// Writes down node k's arc a, if that is below `end` and among the node's items, as item `first`
  /// or, after those of lanes before this one, a later one. Returns how many the lanes wrote.
  WARPSHARD_HD std::int32_t write_item(std::int32_t k, std::int32_t a, std::int32_t end,
                                       std::int32_t first) const {
    const TreeNode& node = room_.nodes()[k];
    Arc arc;
    bool counts = false;
    if (a < end) {
      arc = model_.arcs[a];
      counts = true;
      if (marks_.inside(arc.neighbour)) {
        const std::int32_t arcs = degree(node.variable) - (k > 0 ? 1 : 0);
        const bool to_parent = k > 0 && arc.neighbour == room_.nodes()[node.parent].variable;
        counts = arcs > kItemsTogether && !to_parent;
        arc = {.rows = model_.zeros};
      }
    }
    const GroupPlace place = group_.place(counts);
    if (counts) room_.items()[first + place.before] = arc;
    return place.total;
  }

  WARPSHARD_HD void end_tree() {
    TreeNode& end = room_.end_tree(size_, num_scores_, num_values_, num_items_);
    end.parent = static_cast<std::uint16_t>(num_levels_);
    end.variable = num_scored_;
  }

  Group group_;
  const ModelView& model_;
  const TreeRoom room_;
  TreeMarks marks_;
  std::int32_t joined_ = 0;         ///< variables
  std::int32_t joined_scores_ = 0;  ///< of theirs
  std::int32_t frontier_ = 0;
  std::int32_t size_ = 0;  ///< what is written down; this and the next five
  std::int32_t num_items_ = 0;
  std::int32_t num_scores_ = 0;
  std::int32_t num_values_ = 0;
  std::int32_t num_levels_ = 0;
  std::int32_t num_scored_ = 0;
  std::int32_t named_ = 0;  ///< variables that have a place by levels
};

}  // namespace warpshard
