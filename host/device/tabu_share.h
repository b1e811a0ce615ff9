#pragma once

#include <cstdint>

namespace warpshard {

/// What share of a device's islands searches with tabu values, in rounds that go on from elites: in
/// the long run the share of the gains that such islands made. PolicyBook does the same for chains
/// on the CPU, which take one policy at a time. One thread at a time.
class TabuShare {
 public:
  /// For the next round.
  float share() const { return share_; }

  /// An island of one kind or the other found a state cheaper than any before in this round.
  void gain(bool tabu) { ++(tabu ? tabu_gains_ : other_gains_); }

  /// Draws the conclusions of a round in which both kinds took part.
  void end_round();

 private:
  float share_ = 0.25F;
  std::int64_t tabu_gains_ = 0;
  std::int64_t other_gains_ = 0;
};

}  // namespace warpshard
