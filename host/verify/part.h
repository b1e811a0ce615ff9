#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "host/verify/core_problem.h"

namespace warpshard::verify {

/// Prices and messages for a part of a core, in integers. A price p stands for p / 2^price_shift
/// cost units per memory unit and time point, a message m for m / 2^message_shift cost units.
struct Dual {
  int price_shift = 0;               ///< 0 to kMostPriceShift
  int message_shift = 0;             ///< -kMostMessageShift to kMostMessageShift
  std::vector<std::int64_t> prices;  ///< [times] >= 0
  /// Per edge whose ends both have several values left: to each value left of u, then of v. Beyond
  /// 2^kMessageBits cost units (or units of theirs, if these are smaller) nothing is proved.
  std::vector<std::int64_t> messages;
};

inline constexpr int kMostPriceShift = 62;
inline constexpr int kMostMessageShift = 40;
inline constexpr int kMessageBits = 60;

/// What a dual shows of a part.
struct Judgement {
  /// No assignment of the part that fits and has no forbidden entries costs less; rounded up to a
  /// whole number. Nothing if sums do not fit, or if numbers are out of their range.
  std::optional<Int128> bound;
  /// Values (variable, value) whose every such assignment costs at least the target.
  std::vector<std::pair<std::int32_t, std::int32_t>> dear;
};

/// A part of a core: those assignments that take only values that are left.
class Part {
 public:
  /// All of it. Refers to `core`.
  explicit Part(const CoreProblem& core);

  bool has(std::int32_t v, std::int32_t d) const { return left_[core_->value_offsets[v] + d] != 0; }
  void take_away(std::int32_t v, std::int32_t d) { left_[core_->value_offsets[v] + d] = 0; }
  void put_back(std::int32_t v, std::int32_t d) { left_[core_->value_offsets[v] + d] = 1; }
  /// Gives memory back; nothing may be asked afterwards.
  void forget() { left_ = {}; }
  void take_away_all(std::int32_t v);
  std::int32_t count(std::int32_t v) const;
  /// Calls `visit` with the index of each value that is gone.
  template <typename Visit>
  void for_each_gone(const Visit& visit) const {
    for (std::size_t i = 0; i < left_.size(); ++i)
      if (left_[i] == 0) visit(static_cast<std::int32_t>(i));
  }

  /// Takes away values that are forbidden, have no allowed partner across an edge, or do not fit
  /// beside all others' least usages, until nothing more follows. False if nothing is left.
  bool propagate();

  /// How many messages a Dual of this part has.
  std::size_t num_messages() const;

  /// For any prices >= 0 and any messages,
  ///
  ///     constant + sum over v of min_d (unary_v(d) + priced usage_v(d) + messages_v(d))
  ///              + sum over edges of min_(a, b) (table(a, b) - message_u(a) - message_v(b))
  ///              - sum over t of price_t * capacity_t
  ///
  /// is a lower bound: messages cancel, and priced usage does not exceed priced capacity. Given a
  /// value, the minima of its variable and of its edges are those beside that value. Only after
  /// propagate(), which left something.
  Judgement judge(const Dual& dual, Int128 target) const;

 private:
  class Terms;

  bool drop_without_partner();
  bool drop_without_room(bool& changed);
  bool none_left() const;

  const CoreProblem* core_;
  std::vector<std::uint8_t> left_;  ///< [values]
};

}  // namespace warpshard::verify
