#pragma once

#include <cstdint>

#include "kernels/grown_tree.h"
#include "kernels/portable.h"

namespace warpshard {

/// The first of `count` consecutive stamps that no variable is marked with; every mark is below it.
/// They are the caller's, a later call gives others. Where stamps run out all marks are cleared.
template <typename Group>
WARPSHARD_HD std::uint32_t take_stamps(Group group, const TreeRoom& room,
                                       std::int32_t num_variables, std::uint32_t count) {
  constexpr std::uint32_t kLast = 0xFFFFFFFFU;
  std::uint32_t taken = *room.stamps_taken;
  group.sync();  // every lane has read it
  if (taken > kLast - count) {
    for (std::int32_t v = group.rank(); v < num_variables; v += group.size()) room.marks[v] = 0;
    taken = 0;
  }
  if (group.rank() == 0) *room.stamps_taken = taken + count;
  group.sync();
  return taken + 1;
}

}  // namespace warpshard
