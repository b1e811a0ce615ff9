#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/commit.h"
#include "kernels/group_place.h"
#include "kernels/grown_tree.h"
#include "kernels/headroom_update.h"
#include "kernels/model_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// The variables of a tree whose chosen values are not the present ones.
template <typename Group>
class TreeChanges {
 public:
  WARPSHARD_HD TreeChanges(Group group, const ModelView& model, ChainView& chain,
                           const TreeView& tree)
      : group_(group), model_(model), chain_(chain), scratch_(chain.scratch), tree_(tree) {}

  /// Moves the memory of all of them to the chosen values; headroom may become negative. Returns
  /// how many they are. Every lane of the group must call this and what follows.
  WARPSHARD_HD std::int32_t move_memory() {
    if constexpr (kAlone) {
      find();
      move_one_by_one(/*back=*/false);
    } else {
      move_together(/*back=*/false);
    }
    return count_;
  }

  /// Moves the memory back.
  WARPSHARD_HD void move_back() {
    if constexpr (kAlone) {
      move_one_by_one(/*back=*/true);
    } else {
      move_together(/*back=*/true);
    }
  }

  /// Lets the variables take the chosen values.
  WARPSHARD_HD void take() {
    if constexpr (kAlone) {
      for (std::int32_t n = 0; n < count_; ++n) take(scratch_.tree_changes[n]);
    } else {
      std::uint32_t changed = changed_;
      for (std::int32_t k = group_.rank(); changed != 0; k += group_.size(), changed >>= 1)
        if ((changed & 1) != 0) take(k);
    }
  }

 private:
  static constexpr bool kAlone = Group::size() == 1;
  static constexpr std::int32_t kAhead = 4;

  struct Change {
    std::int32_t variable = 0;
    std::int32_t from = 0;
    std::int32_t to = 0;
  };

  /// Node k's.
  WARPSHARD_HD Change change(std::int32_t k) const {
    const std::int32_t v = tree_.nodes[k].variable;
    return {v, chain_.values[v], scratch_.tree_values[k]};
  }

  WARPSHARD_HD void take(std::int32_t k) {
    const Change taken = change(k);
    chain_.values[taken.variable] = static_cast<std::uint16_t>(taken.to);
  }

  // By one lane:

  WARPSHARD_HD void find() {
    std::int32_t count = 0;
    for (std::int32_t k = 0; k < tree_.size; ++k) {
      const Change here = change(k);
      Group::prefetch(model_.segments + model_.segment_offsets[here.variable]);
      scratch_.tree_changes[count] = k;
      count += here.from != here.to ? 1 : 0;
    }
    count_ = count;
  }

  WARPSHARD_HD void move_one_by_one(bool back) {
    for (std::int32_t n = 0; n < count_; ++n) {
      if (n + kAhead < count_) prefetch_usage(change(scratch_.tree_changes[n + kAhead]));
      const Change moved = change(scratch_.tree_changes[n]);
      warpshard::move_memory(group_, model_, chain_, moved.variable, back ? moved.to : moved.from,
                             back ? moved.from : moved.to);
    }
  }

  WARPSHARD_HD void prefetch_usage(const Change& change) const {
    const std::int32_t end = model_.segment_offsets[change.variable + 1];
    for (std::int32_t s = model_.segment_offsets[change.variable]; s < end; ++s) {
      const std::int32_t* const usage = model_.usage + model_.segments[s].row;
      Group::prefetch(usage + change.from);
      Group::prefetch(usage + change.to);
    }
  }

  // By several lanes:

  /// Where scores have been added up nothing needs their rows any more: headroom's changes take
  /// their place.
  static constexpr std::int32_t kMostRaises =
      TreeRoom::kItemRoom * sizeof(std::uint32_t) / sizeof(HeadroomChange);
  static_assert(kAlone || Group::size() <= kMostRaises);

  /// Each lane looks up a change; the profile takes all of them.
  WARPSHARD_HD void move_together(bool back) {
    find_together();
    const auto* const changes = reinterpret_cast<const std::uint16_t*>(scratch_.parts);
    auto* const raises = reinterpret_cast<HeadroomChange*>(scratch_.rows);
    HeadroomUpdate<Group> update(group_, chain_.memory, scratch_.parts);
    std::int32_t num_raises = 0;
    for (std::int32_t base = 0; base < count_; base += group_.size()) {
      Change mine;
      std::int32_t segment = 0;
      std::int32_t end = 0;
      if (base + group_.rank() < count_) {
        mine = change(changes[base + group_.rank()]);
        segment = model_.segment_offsets[mine.variable];
        end = model_.segment_offsets[mine.variable + 1];
      }
      for (; group_.place(segment < end).total > 0; ++segment) {
        HeadroomChange raise;
        if (segment < end) raise = raise_of(mine, model_.segments[segment]);
        if (back) raise.amount = -raise.amount;
        const GroupPlace place = group_.place(raise.amount != 0);
        if (num_raises + place.total > kMostRaises) {
          update.add_one_by_one(raises, num_raises);  // where the changes stand is not for sums
          num_raises = 0;
        }
        if (raise.amount != 0) raises[num_raises + place.before] = raise;
        num_raises += place.total;
      }
    }
    group_.sync();
    update.add(raises, num_raises);
  }

  WARPSHARD_HD void find_together() {
    auto* const changes = reinterpret_cast<std::uint16_t*>(scratch_.parts);
    count_ = 0;
    changed_ = 0;
    for (std::int32_t base = 0; base < tree_.size; base += kAhead * group_.size()) {
      bool changed[kAhead];
      for (std::int32_t i = 0; i < kAhead; ++i) {
        const std::int32_t k = base + i * group_.size() + group_.rank();
        const Change here = change(k < tree_.size ? k : 0);
        changed[i] = k < tree_.size && here.from != here.to;
      }
      for (std::int32_t i = 0; i < kAhead; ++i) {
        const std::int32_t first = base + i * group_.size();
        if (first >= tree_.size) break;
        const GroupPlace place = group_.place(changed[i]);
        if (changed[i]) {
          changes[count_ + place.before] = static_cast<std::uint16_t>(first + group_.rank());
          changed_ |= 1U << (first / group_.size());
        }
        count_ += place.total;
      }
    }
    group_.sync();
  }

  WARPSHARD_HD HeadroomChange raise_of(const Change& change, const UsageSegment& segment) const {
    const std::int32_t* const usage = model_.usage + segment.row;
    return {segment.begin, segment.end, usage[change.from] - usage[change.to], 0};
  }

  static_assert(TreeRoom::kMaxTree * sizeof(std::uint16_t) <= MoveScratch::kParts * sizeof(float));
  static_assert(kAlone || TreeRoom::kMaxTree <= 32 * Group::size());  // bits of changed_
  static_assert(HeadroomUpdate<Group>::kSpan <= MoveScratch::kParts);

  Group group_;
  const ModelView& model_;
  ChainView& chain_;
  const MoveScratch& scratch_;
  const TreeView tree_;
  std::int32_t count_ = 0;
  std::uint32_t changed_ = 0;  ///< bit i: this lane's i-th node; by several lanes
};

}  // namespace warpshard
