#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// How much more memory may be used at each kept time point, in blocks of 32 points.
///
/// The true headroom at t is headroom[t] + block_add[t / 32]; block_least[b] is the least true
/// headroom of block b. Adding to an interval touches each inner block once, and the least over an
/// interval reads one number per inner block. Points past the last one hold kUnlimited.
struct MemoryProfile {
  static constexpr std::int32_t kBlock = 32;
  static constexpr std::int32_t kBlockPad = 8;
  static constexpr std::int32_t kUnlimited = std::int32_t{1} << 30;

  std::int32_t num_blocks = 0;          ///< padded to a multiple of kBlockPad
  std::int32_t* headroom = nullptr;     ///< [num_blocks * kBlock] usage quanta
  std::int32_t* block_add = nullptr;    ///< [num_blocks] usage quanta
  std::int32_t* block_least = nullptr;  ///< [num_blocks] usage quanta

  WARPSHARD_HD static std::int32_t blocks_for(std::int32_t num_times) {
    return (num_times + kBlockPad * kBlock - 1) / (kBlockPad * kBlock) * kBlockPad;
  }

  /// True headroom at time t.
  WARPSHARD_HD std::int32_t at(std::int32_t t) const { return headroom[t] + block_add[t / kBlock]; }

  /// Least headroom on [begin, end), which is not empty; every lane of the group holds the result.
  template <typename Group>
  WARPSHARD_HD std::int32_t least(Group group, std::int32_t begin, std::int32_t end) const {
    const std::int32_t first = begin / kBlock;
    const std::int32_t last = (end - 1) / kBlock;
    if (first == last) return least_in_block(group, first, begin, end);
    const std::int32_t head = least_in_block(group, first, begin, (first + 1) * kBlock);
    const std::int32_t tail = least_in_block(group, last, last * kBlock, end);
    auto most = Group::splat(head < tail ? head : tail);
    // From a multiple of kBlockPad on, so that whole vectors stay within the array.
    const std::int32_t from = (first + 1) / kBlockPad * kBlockPad;
    for (std::int32_t b = from + group.first(); b < last; b += Group::kStep)
      most = Group::min(
          most, Group::inside(b, first + 1, last, Group::load(block_least + b), kUnlimited));
    return Group::reduce_min(most);
  }

  /// Least headroom over all time.
  template <typename Group>
  WARPSHARD_HD std::int32_t least(Group group) const {
    auto most = Group::splat(kUnlimited);
    for (std::int32_t b = group.first(); b < num_blocks; b += Group::kStep)
      most = Group::min(most, Group::load(block_least + b));
    return Group::reduce_min(most);
  }

  /// Adds `amount` (either sign) to the headroom on [begin, end), which is not empty.
  template <typename Group>
  WARPSHARD_HD void add(Group group, std::int32_t begin, std::int32_t end, std::int32_t amount) {
    add_inside(group, begin, end, amount);
    add_at_ends(group, begin, end, amount);
    group.sync();
  }

  /// Recomputes block_least and empties block_add; headroom must hold true headrooms.
  template <typename Group>
  WARPSHARD_HD void rebuild(Group group) {
    for (std::int32_t b = 0; b < num_blocks; ++b) {
      if (group.rank() == 0) block_add[b] = 0;
      group.sync();
      add_in_block(group, b, b * kBlock, b * kBlock, 0);
    }
    group.sync();
  }

  /// Moves block_add into headroom, which then holds true headrooms.
  template <typename Group>
  WARPSHARD_HD void flush(Group group) {
    for (std::int32_t t = group.rank(); t < num_blocks * kBlock; t += group.size())
      headroom[t] += block_add[t / kBlock];
    group.sync();
    for (std::int32_t b = group.rank(); b < num_blocks; b += group.size()) block_add[b] = 0;
    group.sync();
  }

 private:
  template <typename Group>
  WARPSHARD_HD std::int32_t least_in_block(Group group, std::int32_t block, std::int32_t begin,
                                           std::int32_t end) const {
    auto most = Group::splat(kUnlimited);
    const std::int32_t stop = (block + 1) * kBlock;
    for (std::int32_t t = block * kBlock + group.first(); t < stop; t += Group::kStep)
      most = Group::min(most, Group::inside(t, begin, end, Group::load(headroom + t), kUnlimited));
    return Group::reduce_min(most) + block_add[block];
  }

  /// Adds to all of a block.
  WARPSHARD_HD void add_to_block(std::int32_t block, std::int32_t amount) {
    block_add[block] += amount;
    block_least[block] += amount;
  }

  /// Adds to the blocks between those where [begin, end) begins and ends.
  template <typename Group>
  WARPSHARD_HD void add_inside(Group group, std::int32_t begin, std::int32_t end,
                               std::int32_t amount) {
    const std::int32_t last = (end - 1) / kBlock;
    for (std::int32_t b = begin / kBlock + 1 + group.rank(); b < last; b += group.size())
      add_to_block(b, amount);
  }

  /// Adds in the blocks where [begin, end) begins and ends.
  template <typename Group>
  WARPSHARD_HD void add_at_ends(Group group, std::int32_t begin, std::int32_t end,
                                std::int32_t amount) {
    const std::int32_t first = begin / kBlock;
    const std::int32_t last = (end - 1) / kBlock;
    if (first == last) {
      add_in_block(group, first, begin, end, amount);
    } else {
      add_in_two_blocks(group, first, begin, last, end, amount);
    }
  }

  template <typename Group>
  WARPSHARD_HD void add_in_block(Group group, std::int32_t block, std::int32_t begin,
                                 std::int32_t end, std::int32_t amount) {
    auto most = Group::splat(kUnlimited);
    const std::int32_t start = block * kBlock;
    for (std::int32_t t = start + group.first(); t < start + kBlock; t += Group::kStep)
      most = Group::min(most, add_at(group, Group::load(headroom + t), t, begin, end, amount));
    const std::int32_t least_here = Group::reduce_min(most);
    if (group.rank() == 0) block_least[block] = least_here + block_add[block];
  }

  /// The same in two blocks, from `begin` on and up to `end`: what is there is asked for at once.
  template <typename Group>
  WARPSHARD_HD void add_in_two_blocks(Group group, std::int32_t first, std::int32_t begin,
                                      std::int32_t last, std::int32_t end, std::int32_t amount) {
    auto most = Group::splat(kUnlimited);
    auto most_in_last = most;
    for (std::int32_t t = group.first(); t < kBlock; t += Group::kStep) {
      const auto here = Group::load(headroom + first * kBlock + t);
      const auto there = Group::load(headroom + last * kBlock + t);
      most = Group::min(most, add_at(group, here, first * kBlock + t, begin, end, amount));
      most_in_last =
          Group::min(most_in_last, add_at(group, there, last * kBlock + t, begin, end, amount));
    }
    const std::int32_t least_here = Group::reduce_min(most);
    const std::int32_t least_there = Group::reduce_min(most_in_last);
    if (group.rank() != 0) return;
    const std::int32_t added = block_add[last];
    block_least[first] = least_here + block_add[first];
    block_least[last] = least_there + added;
  }

  /// Stores what headroom from t on becomes; returns it.
  template <typename Group>
  WARPSHARD_HD auto add_at(Group /*group*/, typename Group::Int value, std::int32_t t,
                           std::int32_t begin, std::int32_t end, std::int32_t amount) {
    const auto sum = value + Group::inside(t, begin, end, Group::splat(amount), 0);
    Group::store(headroom + t, sum);
    return sum;
  }
};

}  // namespace warpshard
