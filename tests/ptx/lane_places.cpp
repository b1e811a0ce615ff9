#include "tests/ptx/lane_places.h"

#include <bit>
#include <stdexcept>
#include <string>

namespace warpshard::ptx {

LanePlaces::Group LanePlaces::next() {
  if (together_) return {common_, alive_};
  Group group;
  for (int lane = 0; lane < kLanes; ++lane) {
    if (!holds(alive_ & ~waiting_, lane)) continue;
    if (group.lanes == 0 || at_[lane] < group.at) group = {at_[lane], 0};
    if (at_[lane] == group.at) group.lanes |= 1U << lane;
  }
  if (group.lanes != 0) return group;
  // Those that were waited for have ended.
  waiting_ = 0;
  gather();
  if (!together_)
    throw std::runtime_error("lanes of a warp wait for each other at different meetings, one at " +
                             std::to_string(at_[std::countr_zero(alive_)]));
  return {common_, alive_};
}

/// Notices if all lanes are at one place, nobody waiting.
void LanePlaces::gather() {
  if (waiting_ != 0 || alive_ == 0) return;
  const std::int32_t first = at_[std::countr_zero(alive_)];
  for (int lane = 0; lane < kLanes; ++lane)
    if (holds(alive_, lane) && at_[lane] != first) return;
  together_ = true;
  common_ = first;
}

void LanePlaces::move(Lanes lanes, std::int32_t to) {
  if (together_ && lanes == alive_) {
    common_ = to;
    return;
  }
  if (together_) at_.fill(common_);
  together_ = false;
  for (int lane = 0; lane < kLanes; ++lane)
    if (holds(lanes, lane)) at_[lane] = to;
  gather();
}

void LanePlaces::branch(const Group& group, Lanes taken, std::int32_t target) {
  const Lanes others = group.lanes & ~taken;
  if (taken != 0) move(taken, target);
  if (others != 0) move(others, group.at + 1);
}

void LanePlaces::end(Lanes lanes) {
  alive_ &= ~lanes;
  if (!together_) gather();
}

Lanes LanePlaces::meet(const Group& group, Lanes members) {
  Lanes here = group.lanes;
  for (int lane = 0; lane < kLanes; ++lane)
    if (holds(waiting_, lane) && at_[lane] == group.at) here |= 1U << lane;
  if ((members & alive_ & ~here) != 0) {
    if (together_) at_.fill(common_);
    together_ = false;
    waiting_ |= group.lanes;
    return 0;
  }
  waiting_ &= ~here;
  return here;
}

}  // namespace warpshard::ptx
