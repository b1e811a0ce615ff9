#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// The first of `count` consecutive stamps that no variable is marked with; every mark is below it.
/// They are the caller's, a later call gives others. Where stamps run out all marks are cleared.
template <typename Group>
WARPSHARD_HD std::uint32_t take_stamps(Group group, const MoveScratch& scratch,
                                       std::int32_t num_variables, std::uint32_t count) {
  constexpr std::uint32_t kLast = 0xFFFFFFFFU;
  std::uint32_t stamp = *scratch.next_mark;
  group.sync();  // every lane has read it
  if (stamp > kLast - count) {
    for (std::int32_t v = group.rank(); v < num_variables; v += group.size()) scratch.marks[v] = 0;
    stamp = 1;
  }
  if (group.rank() == 0) *scratch.next_mark = stamp + count;
  group.sync();
  return stamp;
}

}  // namespace warpshard
