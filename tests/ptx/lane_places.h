#pragma once

#include <array>
#include <cstdint>

#include "tests/ptx/row.h"

namespace warpshard::ptx {

/// Where the lanes of a warp are: how they part at branches and come together again.
///
/// Of those that may go on, the ones that are furthest behind go first, so that lanes that took the
/// longer way catch up where ways meet. At a meeting lanes wait for all that are to come.
class LanePlaces {
 public:
  struct Group {
    std::int32_t at = 0;  ///< position in the code
    Lanes lanes = 0;
  };

  bool ended() const { return alive_ == 0; }

  /// Who goes on next. Throws std::runtime_error if all wait at different meetings.
  Group next();

  void move(Lanes lanes, std::int32_t to);
  /// The taken ones go to `target`, the others of the group to the next place.
  void branch(const Group& group, Lanes taken, std::int32_t target);
  /// Lanes that return.
  void end(Lanes lanes);

  /// A group has come to a meeting of `members`. Returns those who are there if nobody is missing,
  /// and lets them go; else zero, and the group waits.
  Lanes meet(const Group& group, Lanes members);

 private:
  void gather();

  Lanes alive_ = kAllLanes;
  Lanes waiting_ = 0;
  bool together_ = true;
  std::int32_t common_ = 0;                ///< where all are if together
  std::array<std::int32_t, kLanes> at_{};  ///< if not
};

}  // namespace warpshard::ptx
