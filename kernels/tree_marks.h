#pragma once

#include <cstdint>

#include "kernels/grown_tree.h"
#include "kernels/portable.h"

namespace warpshard {

/// The first of `count` consecutive stamps that no variable is marked with; every mark is below it.
/// They are the caller's, a later call gives others. Where stamps run out all marks are cleared.
template <typename Group>
WARPSHARD_HD std::uint32_t take_stamps(Group group, const TreeRooms& rooms,
                                       std::int32_t num_variables, std::uint32_t count) {
  constexpr std::uint32_t kLast = 0xFFFFFFFFU;
  std::uint32_t taken = *rooms.stamps_taken;
  group.sync();  // every lane has read it
  if (taken > kLast - count) {
    for (std::int32_t v = group.rank(); v < num_variables; v += group.size()) rooms.marks[v] = 0;
    taken = 0;
  }
  if (group.rank() == 0) *rooms.stamps_taken = taken + count;
  group.sync();
  return taken + 1;
}

/// What a tree's growth knows of variables: how many of their arcs lead to those that joined.
class TreeMarks {
 public:
  TreeMarks() = default;

  /// Of a tree that nothing has joined. Every lane of the group must call it.
  template <typename Group>
  WARPSHARD_HD TreeMarks(Group group, const TreeRooms& rooms, std::int32_t num_variables)
      : marks_(rooms.marks), stamp_(take_stamps(group, rooms, num_variables, kStamps)) {}

  /// Counts an arc to v from a variable that joins. True if it is the first.
  WARPSHARD_HD bool touch(std::int32_t v) const {
    const std::uint32_t seen = marks_[v];
    const std::uint32_t more = seen + 1;
    marks_[v] = more > stamp_ ? more : stamp_;
    return seen < stamp_;
  }
  /// Whether v, which did not join, has one arc to those that did.
  WARPSHARD_HD bool touched_once(std::int32_t v) const { return marks_[v] == stamp_; }
  WARPSHARD_HD void join(std::int32_t v) const { marks_[v] = stamp_ + kInside; }
  WARPSHARD_HD bool inside(std::int32_t v) const { return marks_[v] >= stamp_ + kInside; }

 private:
  static constexpr std::uint32_t kInside = 1 << 13;
  static constexpr std::uint32_t kStamps = 1 << 14;
  static_assert(TreeRoom::kItems < kInside && TreeRoom::kItems <= kStamps - kInside);

  // Anything below the stamp is untouched; arcs beyond the first count one each.
  std::uint32_t* marks_ = nullptr;  ///< [variables]
  std::uint32_t stamp_ = 0;
};

}  // namespace warpshard
