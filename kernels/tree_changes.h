#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/commit.h"
#include "kernels/group_place.h"
#include "kernels/grown_tree.h"
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

  /// Finds them; returns how many. Every lane of the group must call this and what follows.
  WARPSHARD_HD std::int32_t find() {
    count_ = 0;
    for (std::int32_t base = 0; base < tree_.size; base += group_.size()) {
      const std::int32_t k = base + group_.rank();
      const bool changed =
          k < tree_.size && scratch_.tree_values[k] != chain_.values[tree_.nodes[k].variable];
      const GroupPlace place = group_.place(changed);
      if constexpr (kAlone)
        Group::prefetch(model_.segments + model_.segment_offsets[tree_.nodes[k].variable]);
      if (changed || kAlone) scratch_.tree_changes[count_ + place.before] = k;
      count_ += place.total;
    }
    group_.sync();
    return count_;
  }

  /// Moves the memory of all of them to the chosen values, or back; headroom may become negative.
  WARPSHARD_HD void move_memory(bool back) {
    if constexpr (kAlone) {
      for (std::int32_t n = 0; n < count_; ++n) {
        if (n + kAhead < count_) prefetch_usage(change(n + kAhead));
        const Change moved = change(n);
        warpshard::move_memory(group_, model_, chain_, moved.variable, back ? moved.to : moved.from,
                               back ? moved.from : moved.to);
      }
    } else {
      for (std::int32_t base = 0; base < count_; base += group_.size())
        move_memory_of(base + group_.rank(), back);
    }
  }

  /// Lets the variables take the chosen values.
  WARPSHARD_HD void take() {
    for (std::int32_t n = group_.rank(); n < count_; n += group_.size()) {
      const Change taken = change(n);
      chain_.values[taken.variable] = static_cast<std::uint16_t>(taken.to);
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

  WARPSHARD_HD Change change(std::int32_t n) const {
    const std::int32_t k = scratch_.tree_changes[n];
    const std::int32_t v = tree_.nodes[k].variable;
    return {v, chain_.values[v], scratch_.tree_values[k]};
  }

  WARPSHARD_HD void prefetch_usage(const Change& change) const {
    const std::int32_t end = model_.segment_offsets[change.variable + 1];
    for (std::int32_t s = model_.segment_offsets[change.variable]; s < end; ++s) {
      const std::int32_t* const usage = model_.usage + model_.segments[s].row;
      Group::prefetch(usage + change.from);
      Group::prefetch(usage + change.to);
    }
  }

  /// Each lane looks up its own change, if there is one; the profile takes all lanes for each.
  WARPSHARD_HD void move_memory_of(std::int32_t n, bool back) {
    Change mine;
    std::int32_t segment = 0;
    std::int32_t end = 0;
    if (n < count_) {
      mine = change(n);
      segment = model_.segment_offsets[mine.variable];
      end = model_.segment_offsets[mine.variable + 1];
    }
    auto* const raises = reinterpret_cast<HeadroomChange*>(scratch_.parts);
    for (; group_.place(segment < end).total > 0; ++segment) {
      HeadroomChange raise;
      if (segment < end) raise = raise_of(mine, model_.segments[segment]);
      const GroupPlace place = group_.place(raise.amount != 0);
      if (back) raise.amount = -raise.amount;
      if (raise.amount != 0) raises[place.before] = raise;
      group_.sync();
      chain_.memory.add(group_, raises, place.total);
    }
  }

  WARPSHARD_HD HeadroomChange raise_of(const Change& change, const UsageSegment& segment) const {
    const std::int32_t* const usage = model_.usage + segment.row;
    return {segment.begin, segment.end, usage[change.from] - usage[change.to], 0};
  }

  static_assert(kAlone ||
                Group::size() * sizeof(HeadroomChange) <= MoveScratch::kParts * sizeof(float));

  Group group_;
  const ModelView& model_;
  ChainView& chain_;
  const MoveScratch& scratch_;
  const TreeView tree_;
  std::int32_t count_ = 0;
};

}  // namespace warpshard
