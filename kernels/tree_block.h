#pragma once

#include <cassert>
#include <cstdint>

#include "kernels/commit.h"
#include "kernels/group_place.h"
#include "kernels/grown_tree.h"
#include "kernels/level_passes.h"
#include "kernels/noise.h"
#include "kernels/philox.h"
#include "kernels/score.h"
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
    draw_noise(random);
    find_rows();
    group_.sync();
    score();
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

  /// Rows wait for memory far away: all are on their way before the first is needed.
  WARPSHARD_HD void draw_noise(const RandomStream& random) {
    for (std::int32_t four = group_.rank(); 4 * four < tree_.size; four += group_.size()) {
      const Philox words = random.block(static_cast<std::uint64_t>(four));
      for (std::int32_t i = 0; i < 4; ++i) {
        const std::int32_t k = 4 * four + i;
        if (k >= tree_.size) break;
        scratch_.noise_words[k] = words.words[i];
        Group::prefetch(chain_.noise.window(words.words[i]));
        Group::prefetch(chain_.priced_unary + tree_.nodes[k].row);
      }
    }
  }

  /// Where the rows for the present values of the outer neighbours start.
  WARPSHARD_HD void find_rows() {
    const std::int32_t count = tree_.num_items();
    for (std::int32_t i = group_.rank(); i < count; i += group_.size()) {
      const Arc& item = tree_.items[i];
      const std::uint32_t row = item.at(chain_.values[item.neighbour]);
      Group::prefetch(model_.tables + row);
      scratch_.rows[i] = row;
    }
  }

  WARPSHARD_HD void score() {
    if constexpr (Group::size() == 1) {
      for (std::int32_t k = 0; k < tree_.size; ++k) score_row(k, 0, Lane::kStep);
    } else {
      const std::int32_t begin = group_.rank() % kRowLanes * Lane::kStep;
      for (std::int32_t k = group_.rank() / kRowLanes; k < tree_.size;
           k += group_.size() / kRowLanes)
        score_row(k, begin, kRowLanes * Lane::kStep);
      group_.sync();
    }
  }

  /// Scores values begin, begin + step, ... of a node's variable, kStep at a time.
  WARPSHARD_HD void score_row(std::int32_t k, std::int32_t begin, std::int32_t step) {
    const TreeNode& node = tree_.nodes[k];
    const std::int32_t first_item = node.first_item;
    const std::int32_t end_item = tree_.nodes[k + 1].first_item;
    const std::int32_t length = row_length(node.domain);
    const float* const unary = chain_.priced_unary + node.row;
    const float* const noise = chain_.noise.window(scratch_.noise_words[node.joined]);
    float* const scores = scratch_.scores + node.score;
    const auto score_at = [&]<typename SomeLane>(SomeLane /*type*/, std::int32_t d) {
      const auto sum = SomeLane::load(unary + d) -
                       SomeLane::splat(chain_.temperature) * SomeLane::load(noise + d);
      SomeLane::store(scores + d, with_rows<SomeLane>(sum, first_item, end_item, d));
    };
    std::int32_t d = begin;
    if constexpr (Group::size() == 1)
      for (; d <= length - Wide::kStep; d += Wide::kStep) score_at(Wide(), d);
    for (; d < length; d += step) score_at(Lane(), d);
  }

  /// Adds what outer neighbours cost at values from d on, one after the other.
  template <typename SomeLane>
  WARPSHARD_HD typename SomeLane::Float with_rows(typename SomeLane::Float sum, std::int32_t first,
                                                  std::int32_t end, std::int32_t d) const {
    const std::uint32_t* const starts = scratch_.rows;
    for (std::int32_t i = first; i < end; i += kRowsAhead) {
      if constexpr (kRowsAhead == 1) {
        sum = sum + SomeLane::load(model_.tables + starts[i] + d);
      } else {
        typename SomeLane::Float rows[kRowsAhead];
        for (std::int32_t k = 0; k < kRowsAhead; ++k) {
          const std::int32_t item = i + k < end ? i + k : end - 1;
          rows[k] = SomeLane::load(model_.tables + starts[item] + d);
        }
        // The last one again counts nothing.
        for (std::int32_t k = 0; k < kRowsAhead; ++k)
          sum = SomeLane::add_weighted(sum, rows[k], i + k < end ? 1.0F : 0.0F);
      }
    }
    return sum;
  }

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
      const std::int32_t given = scratch_.tree_value[node.parent];
      const float* const row = model_.tables + node.down + given * length;
      for (std::int32_t d = 0; d < length; d += Lane::kStep)
        Lane::store(scores + d, Lane::load(scores + d) + Lane::load(row + d));
    }
    const std::int32_t value = Lane::arg_min(scores, length);
    assert(is_score(scores[value]));
    scratch_.tree_value[k] = value;
  }

  WARPSHARD_HD void count() {
    if (group_.rank() != 0) return;
    chain_.counters->deltas += tree_.num_values();
    chain_.counters->tree_visits += tree_.size;
    ++chain_.counters->blocks;
  }

  WARPSHARD_HD void apply() {
    const std::int32_t changes = list_changes();
    if (changes == 0) return;
    for (std::int32_t n = 0; n < changes; ++n) {
      if (Group::size() == 1 && n + kChangesAhead < changes) prefetch_usage(n + kChangesAhead);
      move_memory_of(n, false);
    }
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

  WARPSHARD_HD void prefetch_usage(std::int32_t n) const {
    const std::int32_t k = scratch_.tree_changes[n];
    const std::int32_t v = tree_.nodes[k].variable;
    const std::int32_t first = model_.segment_offsets[v];
    const std::int32_t end = model_.segment_offsets[v + 1];
    for (std::int32_t s = first; s < end; ++s) {
      const std::int32_t* const usage = model_.usage + model_.segments[s].row;
      Group::prefetch(usage + chain_.values[v]);
      Group::prefetch(usage + scratch_.tree_value[k]);
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
      if (Group::size() == 1)
        Group::prefetch(model_.segments + model_.segment_offsets[tree_.nodes[k].variable]);
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
  static constexpr std::int32_t kChangesAhead = 4;
  /// Rows that are on their way at the same time, where there is no way to ask for them before.
  static constexpr std::int32_t kRowsAhead = Group::size() == 1 ? 1 : 4;
  /// Lanes that score a variable's values together.
  static constexpr std::int32_t kRowLanes = 4;

  Group group_;
  const ModelView& model_;
  ChainView& chain_;
  const MoveScratch& scratch_;
  const TreeView tree_;
};

}  // namespace warpshard
