#pragma once

#include <cstdint>

#include "kernels/group_place.h"
#include "kernels/memory_profile.h"
#include "kernels/portable.h"

namespace warpshard {

/// By how much headroom rises over times [begin, end).
struct alignas(16) HeadroomChange {
  std::int32_t begin = 0;
  std::int32_t end = 0;
  std::int32_t amount = 0;  ///< usage quanta
  std::int32_t unused = 0;  ///< so that it is copied as one word of 16 bytes
};

/// Brings a chain's memory profile up to date with many changes at once, by a group of many lanes.
///
/// One after the other they would wait for each other. So they are noted where they begin and end,
/// and what they sum up to from there on is added to headroom, a span of time at a time. Few are
/// added one by one all the same.
template <typename Group>
class HeadroomUpdate {
 public:
  /// Time points of a span: four for each of 32 lanes.
  static constexpr std::int32_t kSpan = 128;

  /// `sums`: room for kSpan numbers.
  WARPSHARD_HD HeadroomUpdate(Group group, MemoryProfile& memory, void* sums)
      : group_(group), memory_(memory), sums_(static_cast<std::uint32_t*>(sums)) {}

  /// Every lane of the group must call it, and sees the changes.
  WARPSHARD_HD void add(const HeadroomChange* changes, std::int32_t count) {
    // One takes about as long as a span.
    if (count < memory_.num_blocks / kBlocks) {
      add_one_by_one(changes, count);
    } else {
      add_by_spans(changes, count);
    }
  }

  /// The same, without use of the sums.
  WARPSHARD_HD void add_one_by_one(const HeadroomChange* changes, std::int32_t count) {
    for (std::int32_t i = 0; i < count; ++i) {
      const HeadroomChange change = changes[i];
      memory_.add(group_, change.begin, change.end, change.amount);
    }
  }

 private:
  static constexpr std::int32_t kBlocks = kSpan / MemoryProfile::kBlock;
  static_assert(MemoryProfile::kBlockPad % kBlocks == 0);
  static constexpr std::int32_t kPoints = kSpan / Group::size();  ///< of a lane
  static constexpr std::int32_t kLanesPerBlock = MemoryProfile::kBlock / kPoints;

  WARPSHARD_HD void add_by_spans(const HeadroomChange* changes, std::int32_t count) {
    own(sums_) = Points{};
    std::uint32_t before = 0;
    for (std::int32_t block = 0; block < memory_.num_blocks; block += kBlocks) {
      group_.sync();  // sums are 0
      before = add_to_span(block, changes, count, before);
    }
    group_.sync();
  }

  /// A lane's numbers, one for each of its points.
  struct alignas(16) Points {
    std::uint32_t at[kPoints];

    WARPSHARD_HD bool all_zero() const {
      std::uint32_t any = 0;
      for (std::int32_t k = 0; k < kPoints; ++k) any |= at[k];
      return any == 0;
    }
    /// Makes each the sum of all up to it; returns the last.
    WARPSHARD_HD std::uint32_t sum_up() {
      for (std::int32_t k = 1; k < kPoints; ++k) at[k] += at[k - 1];
      return at[kPoints - 1];
    }
  };

  /// The block of a lane's points: one of its lanes writes.
  struct Block {
    std::int32_t number;
    bool writes;
    std::int32_t added;  ///< the profile's block_add and block_least
    std::int32_t least;
  };

  WARPSHARD_HD Points& own(void* span) const { return static_cast<Points*>(span)[group_.rank()]; }
  WARPSHARD_HD Block own_block(std::int32_t first) const {
    const std::int32_t b = first + group_.rank() / kLanesPerBlock;
    return {b, group_.rank() % kLanesPerBlock == 0, memory_.block_add[b], memory_.block_least[b]};
  }
  /// The least that the lanes of a block have.
  WARPSHARD_HD static std::int32_t least_in_block(std::int32_t mine) {
    for (std::int32_t step = 1; step < kLanesPerBlock; step *= 2)
      mine = Group::least_with(mine, step);
    return mine;
  }

  /// Adds to the span from a block on. Sums may wrap around: headroom does not.
  /// `before`: what is added at the end of the span before. Returns the same for this one.
  WARPSHARD_HD std::uint32_t add_to_span(std::int32_t first_block, const HeadroomChange* changes,
                                         std::int32_t count, std::uint32_t before) {
    const Block block = own_block(first_block);  // on its way together with the changes
    const std::int32_t first = first_block * MemoryProfile::kBlock;
    const bool noted = note(first, changes, count);
    if (group_.place(noted).total == 0) {
      add_to_all_of(block, before);
      return before;
    }
    Points rises = own(sums_);
    own(sums_) = Points{};
    const bool inside = least_in_block(rises.all_zero() ? 1 : 0) == 0;
    Points headroom{};
    if (inside) headroom = own(memory_.headroom + first);
    const GroupPlace sum = group_.prefix_sum(static_cast<std::int32_t>(rises.sum_up()));
    const std::uint32_t rise = before + static_cast<std::uint32_t>(sum.before);
    std::int32_t least = MemoryProfile::kUnlimited;
    for (std::int32_t k = 0; k < kPoints; ++k) {
      headroom.at[k] += rise + rises.at[k];
      const auto now = static_cast<std::int32_t>(headroom.at[k]);
      least = now < least ? now : least;
    }
    least = least_in_block(least);
    if (inside) {
      own(memory_.headroom + first) = headroom;
      if (block.writes) memory_.block_least[block.number] = least + block.added;
    } else {
      add_to_all_of(block, rise);
    }
    return before + static_cast<std::uint32_t>(sum.total);
  }

  /// Adds to a block where no change begins or ends.
  WARPSHARD_HD void add_to_all_of(const Block& block, std::uint32_t rise) {
    if (!block.writes) return;
    memory_.block_add[block.number] = block.added + static_cast<std::int32_t>(rise);
    memory_.block_least[block.number] = block.least + static_cast<std::int32_t>(rise);
  }

  /// Adds changes to the sums where they begin and end, if that is in the span from time `first`
  /// on. Returns whether any of this lane's do.
  WARPSHARD_HD bool note(std::int32_t first, const HeadroomChange* changes, std::int32_t count) {
    bool here = false;
    for (std::int32_t i = group_.rank(); i < count; i += group_.size()) {
      const HeadroomChange change = changes[i];
      const auto amount = static_cast<std::uint32_t>(change.amount);
      here = note(change.begin - first, amount) || here;
      here = note(change.end - first, 0U - amount) || here;
    }
    return here;
  }

  WARPSHARD_HD bool note(std::int32_t at, std::uint32_t amount) {
    if (at < 0 || at >= kSpan) return false;
    Group::add_to(sums_ + at, amount);
    return true;
  }

  Group group_;
  MemoryProfile& memory_;
  std::uint32_t* sums_;
};

}  // namespace warpshard
