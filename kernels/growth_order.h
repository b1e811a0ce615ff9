#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/group_place.h"
#include "kernels/move_policy.h"
#include "kernels/philox.h"
#include "kernels/tree_growth.h"

namespace warpshard {

/// Who grows which of the trees that a team grows at a time. Sizes differ by much, and all wait for
/// the last: trees are shared out from the largest to the smallest, to and fro, so that all have
/// about as much to do. What the trees are like does not depend on it.
template <typename Group>
class GrowthOrder {
 public:
  /// Orders trees [0, count), of which tree k has the stream `random_of(k)`. Every lane of the
  /// group must call it; the order is there until the scratch's parts are written again.
  template <typename RandomOf>
  WARPSHARD_HD GrowthOrder(Group group, const MovePolicy& policy, const MoveScratch& scratch,
                           std::int32_t count, RandomOf random_of)
      : order_(reinterpret_cast<std::uint16_t*>(scratch.parts)), ordered_(count <= kMost) {
    if (!ordered_ || Group::size() == 1) return;
    std::uint16_t* const exponents = order_ + kMost;
    for (std::int32_t k = group.rank(); k < count; k += group.size()) {
      RandomStream random = random_of(k);
      exponents[k] = static_cast<std::uint16_t>(TreeStart(policy, random).log2_size);
    }
    group.sync();
    std::int32_t before = 0;
    for (std::int32_t exponent = policy.most_log2_tree; exponent >= policy.least_log2_tree;
         --exponent) {
      for (std::int32_t base = 0; base < count; base += group.size()) {
        const std::int32_t k = base + group.rank();
        const bool here = k < count && exponents[k] == exponent;
        const GroupPlace place = group.place(here);
        if (here) order_[before + place.before] = static_cast<std::uint16_t>(k);
        before += place.total;
      }
    }
    group.sync();
  }

  /// The tree that a member of a team of so many grows after `done` others.
  WARPSHARD_HD std::int32_t of(std::int32_t member, std::int32_t members, std::int32_t done) const {
    const std::int32_t place = members * done + (done % 2 == 0 ? member : members - 1 - member);
    return ordered_ && Group::size() > 1 ? order_[place] : place;
  }

 private:
  /// Trees that there is room to order: two numbers of 16 bits each.
  static constexpr std::int32_t kMost = MoveScratch::kParts;

  std::uint16_t* order_;  ///< [kMost]
  bool ordered_;
};

}  // namespace warpshard
