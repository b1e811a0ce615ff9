#pragma once

#include <cassert>
#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/grown_tree.h"
#include "kernels/model_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// What is dynamic in a tree block's programming, by a group of many lanes: what children cost goes
/// up and values come down, level by level. The sums are those of TreeBlock's walk by one lane, in
/// the same order.
///
/// Four lanes or, where a level has few children, more take a child's table, side by side over the
/// parent's values and, where lanes are left, over the child's: on a device most of a move is
/// waiting for tables. Four take a row on the way down. What they find meets in MoveScratch::parts.
template <typename Group>
class LevelPasses {
 public:
  WARPSHARD_HD LevelPasses(Group group, const ModelView& model, const MoveScratch& scratch,
                           const TreeView& tree)
      : group_(group), model_(model), scratch_(scratch), tree_(tree) {}

  /// From the scores of each variable by itself to the values that are chosen.
  WARPSHARD_HD void run() {
    for (std::int32_t level = tree_.num_levels(); --level > 0;) {
      const std::int32_t end = tree_.levels[level + 1];
      for (std::int32_t k = tree_.levels[level]; k < end;) {
        const std::int32_t lanes = table_lanes(end - k);
        send_up(k, end, lanes);
        k += Group::size() / lanes;
      }
    }
    for (std::int32_t level = 0; level < tree_.num_levels(); ++level) {
      const std::int32_t end = tree_.levels[level + 1];
      for (std::int32_t k = tree_.levels[level]; k < end; k += kRows) choose(k, end);
    }
  }

 private:
  using Lane = typename Group::Lane;
  using Float = typename Lane::Float;

  static constexpr std::int32_t kStep = Lane::kStep;
  /// Lanes side by side over a parent's values.
  static constexpr std::int32_t kMostColumns = 4;
  static constexpr std::int32_t kRowLanes = 4;
  static constexpr std::int32_t kRows = Group::size() / kRowLanes;
  static_assert(Group::size() * kStep <= MoveScratch::kParts);

  /// Lanes that take a table of one of so many children.
  WARPSHARD_HD static std::int32_t table_lanes(std::int32_t children) {
    if (children > Group::size() / 8) return 4;
    return children > Group::size() / 16 ? 8 : 16;
  }

  /// How the lanes of a table share it out: side by side over the parent's values, and over the
  /// child's where there are lanes left.
  struct Shares {
    std::int32_t log2_columns = 0;
    std::int32_t column = 0;
    std::int32_t first_value = 0;  ///< of the child's, kStep at a time, one in `parts`
    std::int32_t parts = 0;

    WARPSHARD_HD Shares(std::int32_t lane, std::int32_t lanes, std::int32_t length)
        : log2_columns(length <= 2 * kStep ? 1 : 2),
          column(lane & ((1 << log2_columns) - 1)),
          first_value(lane >> log2_columns),
          parts(lanes >> log2_columns) {}
  };

  /// As many children from `begin` on as there are lanes for, but for those from `end` on, add to
  /// their parents' scores the least that their subtrees cost at each of the parents' values.
  WARPSHARD_HD void send_up(std::int32_t begin, std::int32_t end, std::int32_t lanes) {
    const std::int32_t child = begin + group_.rank() / lanes;
    const TreeNode& node = tree_.nodes[child < end ? child : begin];
    const TreeNode& parent = tree_.nodes[node.parent];
    const std::int32_t length = child < end ? row_length(parent.domain) : 0;
    const Shares shares(group_.rank() % lanes, lanes, length);
    const bool leads = shares.first_value == 0 && (child == begin || child == parent.first_child);
    std::int32_t d = shares.column * kStep;
    for (;;) {
      if (d < length) Lane::store(part(group_.rank()), least_of(node, shares, d, length));
      group_.sync();
      if (leads && d < length) add_up(begin, child, parent, shares, lanes, d);
      d += kMostColumns * kStep;
      if (group_.place(d - shares.column * kStep < length).total == 0) return;
    }
  }

  WARPSHARD_HD float* part(std::int32_t lane) const { return scratch_.parts + lane * kStep; }

  /// The least over this lane's share of the child's values: it looks up the costs of kStep of them
  /// at once, and rows of the table for as many are on their way together.
  WARPSHARD_HD Float least_of(const TreeNode& child, const Shares& shares, std::int32_t d,
                              std::int32_t length) const {
    const float* const costs = scratch_.scores + child.score;
    const float* const column = model_.tables + child.up + d;
    const std::int32_t last = child.domain - 1;
    Float least = Lane::splat(__builtin_inff());
    for (std::int32_t c = kStep * shares.first_value; c <= last; c += kStep * shares.parts) {
      const Float four = Lane::load(costs + c);
      Float sums[kStep];
      for (std::int32_t i = 0; i < kStep; ++i) {
        const std::int32_t at = c + i < last ? c + i : last;  // what padding costs is never least
        sums[i] = Lane::splat(Lane::entry(four, i)) + Lane::load(column + at * length);
      }
      for (std::int32_t i = 0; i < kStep; ++i) least = Lane::min(least, sums[i]);
    }
    return least;
  }

  /// Adds what a child and those of its siblings that follow it in this round cost.
  WARPSHARD_HD void add_up(std::int32_t begin, std::int32_t child, const TreeNode& parent,
                           const Shares& shares, std::int32_t lanes, std::int32_t d) {
    const std::int32_t children_end = (&parent)[1].first_child;
    const std::int32_t round_end = begin + Group::size() / lanes;
    const std::int32_t stop = children_end < round_end ? children_end : round_end;
    float* const scores = scratch_.scores + parent.score + d;
    Float sum = Lane::load(scores);
    for (std::int32_t c = child; c < stop; ++c) {
      const std::int32_t lane = (c - begin) * lanes + shares.column;
      Float least = Lane::load(part(lane));
      for (std::int32_t p = 1; p < shares.parts; ++p)
        least = Lane::min(least, Lane::load(part(lane + (p << shares.log2_columns))));
      sum = sum + least;
    }
    Lane::store(scores, sum);
  }

  /// Chooses the values of nodes [begin, begin + kRows), but for those from `end` on, each the best
  /// given its parent's.
  WARPSHARD_HD void choose(std::int32_t begin, std::int32_t end) {
    const std::int32_t k = begin + group_.rank() / kRowLanes;
    const std::int32_t lane = group_.rank() % kRowLanes;
    const Best none;
    Best best;
    if (k < end) best = best_of(k, lane);
    Best* const bests = reinterpret_cast<Best*>(scratch_.parts) + group_.rank() - lane;
    bests[lane] = best;
    group_.sync();
    if (k < end && lane == 0) {
      for (std::int32_t other = 1; other < kRowLanes; ++other) best.take(bests[other]);
      assert(best.score < none.score);
      scratch_.tree_value[k] = best.value;
    }
    group_.sync();
  }

  /// The first of the least scores.
  struct alignas(8) Best {
    float score = __builtin_inff();
    std::int32_t value = 0;

    WARPSHARD_HD void take(const Best& other) {
      if (other.score < score || (other.score == score && other.value < value)) *this = other;
    }
  };

  /// Among this lane's share of a node's values.
  WARPSHARD_HD Best best_of(std::int32_t k, std::int32_t lane) const {
    const TreeNode& node = tree_.nodes[k];
    const std::int32_t length = row_length(node.domain);
    const float* const scores = scratch_.scores + node.score;
    const float* row = nullptr;
    if (k > 0) row = model_.tables + node.down + scratch_.tree_value[node.parent] * length;
    Best best;
    for (std::int32_t d = lane * kStep; d < length; d += kRowLanes * kStep) {
      Float sum = Lane::load(scores + d);
      if (k > 0) sum = sum + Lane::load(row + d);
      Lane::take_least(sum, d, best.score, best.value);
    }
    return best;
  }

  Group group_;
  const ModelView& model_;
  const MoveScratch& scratch_;
  const TreeView& tree_;
};

}  // namespace warpshard
