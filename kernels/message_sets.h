#pragma once

#include <cstdint>

#include "kernels/portable.h"

namespace warpshard {

/// The sets of messages that a price ascent keeps: one to pass on, copies of it to go back to.
enum class MessageSet : std::int32_t {
  kCurrent,  ///< read and written by every pass
  kLast,     ///< where the last round began, see overshoot_message()
  kAside,    ///< to be put back after a trial
  kBest,     ///< that go with the best bound
};
inline constexpr std::int32_t kMessageSets = 4;

/// Lower bounds on a priced model, as kernels/trws.h defines them: the constant and what capacities
/// are worth not included, variables without edges included.
struct SweepBounds {
  double forward = 0;
  double backward = 0;
};

/// Lets an entry of the current messages go on in the direction it moved since the last round.
WARPSHARD_HD inline void overshoot_message(float& current, float& last, float momentum) {
  const float message = current;
  current = message + momentum * (message - last);
  last = message;
}

}  // namespace warpshard
