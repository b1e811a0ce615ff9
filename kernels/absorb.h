#pragma once

#include <cstdint>

#include "kernels/commit.h"
#include "kernels/group_place.h"
#include "kernels/tree_marks.h"

namespace warpshard {

/// Crossover by components: where a chain's state and another assignment differ, the differing
/// variables fall into connected components of the graph, and each can be swapped alone. Takes
/// every component that makes the chain cheaper and fits in memory. Costs are exact.
template <typename Group>
class Absorb {
 public:
  WARPSHARD_HD Absorb(Group group, const ModelView& model, ChainView& chain)
      : group_(group), model_(model), chain_(chain), marks_(chain.scratch.rooms.marks) {}

  /// `other` holds one value per variable; `queue` has room for two entries per variable.
  /// Returns the number of components taken.
  WARPSHARD_HD std::int32_t run(const std::uint16_t* other, std::int32_t* queue) {
    stamp_ = take_stamps(group_, chain_.scratch.rooms, model_.num_variables, 1);
    std::int32_t taken = 0;
    for (std::int32_t base = 0; base < model_.num_variables; base += group_.size()) {
      // Most states differ in few places: all lanes look for them.
      const std::int32_t v = base + group_.rank();
      const bool differs = v < model_.num_variables && differs_at(v, other);
      if (group_.place(differs).total == 0) continue;
      const std::int32_t end = base + group_.size();
      taken +=
          take_among(base, end < model_.num_variables ? end : model_.num_variables, other, queue);
    }
    group_.sync();
    return taken;
  }

 private:
  /// Whether the states differ at v, which no component has been listed with.
  WARPSHARD_HD bool differs_at(std::int32_t v, const std::uint16_t* other) const {
    return chain_.values[v] != other[v] && marks_[v] != stamp_;
  }

  /// Takes components with variables in [begin, end); returns how many.
  WARPSHARD_HD std::int32_t take_among(std::int32_t begin, std::int32_t end,
                                       const std::uint16_t* other, std::int32_t* queue) {
    std::int32_t taken = 0;
    for (std::int32_t v = begin; v < end; ++v) {
      if (!differs_at(v, other)) continue;
      const std::int32_t count = collect(v, other, queue);
      if (swap(other, queue, count)) ++taken;
    }
    return taken;
  }

  /// Lists the component of differing variables around v. A variable meets each of its neighbours
  /// once, so no two lanes touch the same mark.
  WARPSHARD_HD std::int32_t collect(std::int32_t v, const std::uint16_t* other,
                                    std::int32_t* queue) {
    std::int32_t count = 1;
    group_.sync();  // all lanes have seen that v is not marked
    if (group_.rank() == 0) {
      queue[0] = v;
      marks_[v] = stamp_;
    }
    group_.sync();
    for (std::int32_t k = 0; k < count; ++k) {
      const std::int32_t u = queue[k];
      const std::int32_t end = model_.arc_offsets[u + 1];
      for (std::int32_t base = model_.arc_offsets[u]; base < end; base += group_.size()) {
        const std::int32_t a = base + group_.rank();
        const std::int32_t w = a < end ? model_.arcs[a].neighbour : u;
        const bool joins = a < end && chain_.values[w] != other[w] && marks_[w] != stamp_;
        if (joins) marks_[w] = stamp_;
        const GroupPlace place = group_.place(joins);
        if (joins) queue[count + place.before] = w;
        count += place.total;
      }
      group_.sync();
    }
    return count;
  }

  /// Moves the component to the other side, and back where that is dearer or does not fit.
  WARPSHARD_HD bool swap(const std::uint16_t* other, std::int32_t* queue, std::int32_t count) {
    const CostAccount before = *chain_.account;
    for (std::int32_t k = 0; k < count; ++k) {
      const std::int32_t v = queue[k];
      const std::int32_t from = chain_.values[v];
      if (group_.rank() == 0) previous(queue, k) = from;
      move_memory(group_, model_, chain_, v, from, other[v]);
      move_value(group_, model_, chain_, v, other[v]);
    }
    if (*chain_.account < before && chain_.memory.least(group_) >= 0) return true;
    for (std::int32_t k = 0; k < count; ++k) {
      const std::int32_t v = queue[k];
      move_memory(group_, model_, chain_, v, chain_.values[v], previous(queue, k));
      move_value(group_, model_, chain_, v, previous(queue, k));
    }
    return false;
  }

  /// The value a queued variable had; kept behind the queue's entries.
  WARPSHARD_HD std::int32_t& previous(std::int32_t* queue, std::int32_t k) const {
    return queue[model_.num_variables + k];
  }

  Group group_;
  const ModelView& model_;
  ChainView& chain_;
  std::uint32_t* const marks_;  ///< see take_stamps()
  std::uint32_t stamp_ = 0;
};

}  // namespace warpshard
