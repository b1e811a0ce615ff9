#pragma once

#include <cassert>
#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/grown_tree.h"
#include "kernels/model_view.h"
#include "kernels/portable.h"
#include "kernels/tree_messages.h"

namespace warpshard {

/// What is dynamic in a tree block's programming, by a group of many lanes: what children cost goes
/// up and values come down, level by level. The sums are those of TreeBlock's walk by one lane, in
/// the same order.
///
/// Two lanes or, where a level has few tables, four take four of a parent's values and share the
/// rows of a child's table; then a lane takes four of a parent's values and adds what all its
/// children cost there. Two lanes take a row on the way down; what they find meets in
/// MoveScratch::parts, as do what children cost where there is room.
template <typename Group>
class LevelPasses {
 public:
  WARPSHARD_HD LevelPasses(Group group, const ModelView& model, const MoveScratch& scratch,
                           const TreeView& tree)
      : group_(group), model_(model), scratch_(scratch), tree_(tree) {}

  /// From the scores of each variable by itself to the values that are chosen.
  WARPSHARD_HD void run() {
    for (std::int32_t level = tree_.num_levels(); --level > 0;) send_up(level);
    for (std::int32_t level = 0; level < tree_.num_levels(); ++level) {
      const std::int32_t end = tree_.levels()[level + 1].node;
      for (std::int32_t k = tree_.levels()[level].node; k < end; k += kRows) choose(k, end);
    }
  }

 private:
  using Lane = typename Group::Lane;
  using Float = typename Lane::Float;

  static constexpr std::int32_t kStep = Lane::kStep;
  static constexpr std::int32_t kRowLanes = 2;
  static constexpr std::int32_t kRows = Group::size() / kRowLanes;
  static_assert(kStep == kQuad && Group::size() * kStep <= MoveScratch::kParts);

  /// Adds to the scores of nodes above a level the least that its nodes' subtrees cost.
  WARPSHARD_HD void send_up(std::int32_t level) {
    const std::int32_t quads = tree_.levels()[level + 1].table - tree_.levels()[level].table;
    // More lanes share the rows of a table where a level is narrow.
    if (4 * quads <= Group::size()) {
      send_up<4>(level, quads);
    } else {
      send_up<2>(level, quads);
    }
  }

  template <std::int32_t kShares>
  WARPSHARD_HD void send_up(std::int32_t level, std::int32_t quads) {
    const TreeLevel& here = tree_.levels()[level];
    const TableQuad* const tables = tree_.tables() + here.table;
    const std::int32_t share = group_.rank() % kShares;
    float* const messages = quads <= Group::size() ? scratch_.parts : scratch_.messages;
    const float* const scores = scratch_.scores;
    const float* const entries = model_.tables;
    for (std::int32_t base = 0; base < quads; base += Group::size() / kShares) {
      const std::int32_t k = base + group_.rank() / kShares;
      TableQuad quad;  // without values
      if (k < quads) quad = tables[k];
      Float least = least_of<kShares>(scores + quad.costs, entries + quad.table, quad, share);
      for (std::int32_t step = 1; step < kShares; step *= 2) least = Group::least_with(least, step);
      if (k < quads && share == 0) Lane::store(messages + k * kQuad, least);
    }
    group_.sync();
    for (std::int32_t k = (&here)[-1].sum + group_.rank(); k < here.sum; k += group_.size())
      add_messages<Lane>(scratch_, tree_.sums()[k], messages);
    group_.sync();
  }

  /// The least over a share of the child's values, one in kShares: rows side by side go to lanes
  /// side by side, as they lie in one line of the cache.
  template <std::int32_t kShares>
  WARPSHARD_HD static Float least_of(const float* costs, const float* table, const TableQuad& quad,
                                     std::int32_t share) {
    const float* rows = table + share * quad.length;
    Float least = Lane::splat(__builtin_inff());
    // What padding costs is never the least, whatever is behind the table.
    std::int32_t left = quad.domain;
    for (; left > kQuad; left -= kRowPad) {
      least = Rows<kShares, kRowPad>(costs, rows, quad.length, share).least(least);
      costs += kRowPad;
      rows += kRowPad * quad.length;
    }
    if (left > 0) least = Rows<kShares, kQuad>(costs, rows, quad.length, share).least(least);
    return least;
  }

  /// A share of so many rows of a table, and what the values cost that they are of.
  template <std::int32_t kShares, std::int32_t kAll>
  struct Rows {
    static constexpr std::int32_t kCount = kAll / kShares;
    Float rows[kCount];
    float costs[kCount];

    WARPSHARD_HD Rows(const float* all_costs, const float* first_row, std::int32_t length,
                      std::int32_t share) {
      for (std::int32_t i = 0; i < kCount; ++i)
        rows[i] = Lane::load(first_row + i * kShares * length);
      if constexpr (kShares == 2) {
        // A load and two choices instead of two loads.
        for (std::int32_t i = 0; i < kCount; i += 2) {
          const Float four = Lane::load(all_costs + 2 * i);
          costs[i] = share == 0 ? four.x : four.y;
          costs[i + 1] = share == 0 ? four.z : four.w;
        }
      } else {
        for (std::int32_t i = 0; i < kCount; ++i) costs[i] = all_costs[i * kShares + share];
      }
    }

    WARPSHARD_HD Float least(Float so_far) const {
      for (std::int32_t i = 0; i < kCount; ++i)
        so_far = Lane::min(so_far, Lane::splat(costs[i]) + rows[i]);
      return so_far;
    }
  };

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
      scratch_.tree_values[k] = static_cast<std::uint16_t>(best.value);
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
    const ChosenRow node = tree_.chosen()[k];
    const float* const scores = scratch_.scores + node.score;
    const float* row = nullptr;
    if (k > 0)
      row = model_.tables + node.down + scratch_.tree_values[node.parent] * row_length(node.domain);
    Best best;
    for (std::int32_t d = lane * kRowPad; d < node.domain; d += kRowLanes * kRowPad) {
      Float low = Lane::load(scores + d);
      Float high = Lane::load(scores + d + kStep);
      if (k > 0) {
        low = low + Lane::load(row + d);
        high = high + Lane::load(row + d + kStep);
      }
      Lane::take_least(low, d, best.score, best.value);
      Lane::take_least(high, d + kStep, best.score, best.value);
    }
    return best;
  }

  Group group_;
  const ModelView& model_;
  const MoveScratch& scratch_;
  const TreeView tree_;
};

}  // namespace warpshard
