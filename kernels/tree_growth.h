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
  /// Arcs that are looked at together.
  static constexpr std::int32_t kAhead = Lane::kByLevels ? 4 : 1;

  WARPSHARD_HD std::int32_t degree(std::int32_t v) const {
    return model_.arc_offsets[v + 1] - model_.arc_offsets[v];
  }

  WARPSHARD_HD void grow(std::int32_t root, std::int32_t size, RandomStream& random) {
    std::int32_t arcs_left = TreeRoom::kItems - degree(root);
    if (size == 1 || arcs_left < 0) return write_node(root, /*parent=*/0, Arc{}, Arc{});
    stamp_ = take_stamps(Lane{}, room_, model_.num_variables, kMarks);
    join(root, /*parent=*/0, /*arc=*/-1);
    while (joined_ < size && frontier_ > 0) {
      const std::uint32_t pick = random.below(static_cast<std::uint32_t>(frontier_));
      const TreeCandidate candidate = room_.frontier[pick];
      room_.frontier[pick] = room_.frontier[--frontier_];
      const std::int32_t v = model_.arcs[candidate.arc].neighbour;
      if (room_.marks[v] != stamp_ + kTouchedOnce) continue;
      arcs_left -= degree(v);
      if (arcs_left < 0 || joined_scores_ + model_.stride(v) > room_.score_room) break;
      join(v, candidate.parent, candidate.arc);
    }
    if constexpr (Lane::kByLevels) lay_out_levels();
    write_items();
  }

  /// Takes v into the tree, by an arc from the parent if there is one, and its untouched neighbours
  /// into the frontier.
  WARPSHARD_HD void join(std::int32_t v, std::int32_t parent, std::int32_t arc) {
    room_.marks[v] = stamp_ + kInTree;
    const std::int32_t end = model_.arc_offsets[v + 1];
    std::int32_t frontier = frontier_;
    for (std::int32_t a = model_.arc_offsets[v]; a < end; a += kAhead)
      frontier = touch(Arcs(*this, a, end), frontier);
    frontier_ = frontier < TreeRoom::kMaxFrontier ? frontier : TreeRoom::kMaxFrontier;
    if constexpr (Lane::kByLevels) {
      link(v, parent, arc);
    } else {
      write_node(v, parent, arc);
    }
    joined_scores_ += model_.stride(v);
    ++joined_;
  }

  /// Arcs [first, first + kAhead), but for those from `end` on, and their neighbours' marks: on a
  /// GPU several are on their way at the same time.
  struct Arcs {
    std::int32_t first;
    std::int32_t count;
    std::int32_t neighbours[kAhead];
    std::uint32_t rows[kAhead];
    std::uint32_t marks[kAhead];

    WARPSHARD_HD Arcs(const TreeGrowth& growth, std::int32_t begin, std::int32_t end)
        : first(begin), count(kAhead == 1 || end - begin > kAhead ? kAhead : end - begin) {
      for (std::int32_t i = 0; i < kAhead; ++i) {
        const Arc& arc = growth.model_.arcs[i < count ? first + i : first];
        neighbours[i] = arc.neighbour;
        rows[i] = arc.rows;
      }
      for (std::int32_t i = 0; i < kAhead; ++i) marks[i] = growth.room_.marks[neighbours[i]];
    }
  };

  /// Marks neighbours of a variable that joins; takes those that nothing in the tree touched before
  /// into the frontier. Returns how many are there, or would be if there were room.
  WARPSHARD_HD std::int32_t touch(Arcs arcs, std::int32_t frontier) const {
    for (std::int32_t i = 0; i < kAhead; ++i) {
      if (i == arcs.count) break;
      const std::uint32_t seen = arcs.marks[i];
      const bool fresh = seen < stamp_;
      const std::uint32_t again = seen + (seen == stamp_ + kTouchedOnce ? 1 : 0);
      const std::uint32_t now = fresh ? stamp_ + kTouchedOnce : again;
      if (now != seen || Lane::kWritesAll) room_.marks[arcs.neighbours[i]] = now;
      // Some pairs have two arcs.
      for (std::int32_t k = i + 1; k < kAhead; ++k)
        arcs.marks[k] = arcs.neighbours[k] == arcs.neighbours[i] ? now : arcs.marks[k];
      if ((fresh || Lane::kWritesAll) && frontier < TreeRoom::kMaxFrontier)
        room_.frontier[frontier] = {arcs.first + i, joined_};
      frontier += fresh ? 1 : 0;
    }
    return frontier;
  }

  /// Children are listed from the last to the first.
  WARPSHARD_HD void link(std::int32_t v, std::int32_t parent, std::int32_t arc) {
    JoinedVariable& joined = room_.joined[joined_];
    joined.variable = v;
    joined.arc = arc;
    joined.parent = static_cast<std::uint16_t>(parent);
    joined.child = joined.sibling = 0;
    if (joined_ == 0) return;
    JoinedVariable& above = room_.joined[parent];
    joined.sibling = above.child;
    above.child = static_cast<std::uint16_t>(joined_);
  }

  /// Writes down the variables that joined, level by level: each names its children, which stand
  /// behind all that were named before.
  WARPSHARD_HD void lay_out_levels() {
    room_.nodes[0].joined = 0;
    std::int32_t named = 1;
    std::int32_t level_end = 0;
    for (std::int32_t k = 0; k < joined_; ++k) {
      if (k == level_end) {
        room_.levels[num_levels_++] = static_cast<std::uint16_t>(k);
        level_end = named;
      }
      JoinedVariable& joined = room_.joined[room_.nodes[k].joined];
      joined.place = static_cast<std::uint16_t>(k);
      room_.nodes[k].first_child = static_cast<std::uint16_t>(named);
      for (std::int32_t c = joined.child; c > 0; c = room_.joined[c].sibling)
        room_.nodes[named++].joined = static_cast<std::uint16_t>(c);
      write_node(joined.variable, room_.joined[joined.parent].place, joined.arc);
    }
    room_.levels[num_levels_] = static_cast<std::uint16_t>(joined_);
    room_.nodes[joined_].first_child = static_cast<std::uint16_t>(joined_);
  }

  WARPSHARD_HD void write_node(std::int32_t v, std::int32_t parent, std::int32_t arc) {
    if (arc < 0) return write_node(v, parent, Arc{}, Arc{});
    write_node(v, parent, model_.arcs[arc], model_.arcs[model_.arcs[arc].reverse]);
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
    if constexpr (!Lane::kByLevels) node.joined = static_cast<std::uint16_t>(size_);
    num_scores_ += model_.stride(v);
    num_values_ += node.domain;
    ++size_;
  }

  /// Writes down every variable's arcs out of the tree.
  WARPSHARD_HD void write_items() {
    for (std::int32_t k = 0; k < size_; ++k) {
      TreeNode& node = room_.nodes[k];
      node.first_item = static_cast<std::uint16_t>(num_items_);
      const std::int32_t length = row_length(node.domain);
      const std::int32_t end = model_.arc_offsets[node.variable + 1];
      for (std::int32_t a = model_.arc_offsets[node.variable]; a < end; a += kAhead)
        write_items(Arcs(*this, a, end), length);
    }
  }
  WARPSHARD_HD void write_items(const Arcs& arcs, std::int32_t length) {
    for (std::int32_t i = 0; i < kAhead; ++i) {
      if (i == arcs.count) break;
      const bool outside = arcs.marks[i] != stamp_ + kInTree;
      // There is room for all of the tree's arcs, whether they count or not; see grow().
      if (outside || Lane::kWritesAll)
        room_.items[num_items_] = {arcs.neighbours[i], arcs.rows[i], length};
      num_items_ += outside ? 1 : 0;
    }
  }

  WARPSHARD_HD void end_tree() {
    room_.nodes[0].parent = static_cast<std::uint16_t>(size_);
    TreeNode& end = room_.nodes[size_];
    end.score = num_scores_;
    end.domain = num_values_;
    end.first_item = static_cast<std::uint16_t>(num_items_);
    end.parent = static_cast<std::uint16_t>(num_levels_);
  }

  const ModelView& model_;
  const TreeRoom room_;
  std::uint32_t stamp_ = 0;
  std::int32_t joined_ = 0;         ///< variables
  std::int32_t joined_scores_ = 0;  ///< of theirs
  std::int32_t size_ = 0;           ///< what is written down; this and the next four
  std::int32_t frontier_ = 0;
  std::int32_t num_items_ = 0;
  std::int32_t num_scores_ = 0;
  std::int32_t num_values_ = 0;
  std::int32_t num_levels_ = 0;
};

}  // namespace warpshard
