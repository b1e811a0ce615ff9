#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/bound/dual_ascent.h"
#include "host/bound/restriction.h"
#include "host/model/archive.h"
#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// The first steps of an ascent that goes on aim at no more than so many times what its last ones
/// aimed at.
inline constexpr double kLevelAgain = 2;

/// Prices and messages in a model's own terms, to be carried from one of its restrictions to
/// another.
struct AscentState {
  AscentState() = default;
  /// No prices, no messages.
  explicit AscentState(const Model& model);
  /// Those of an ascent's best bound; `flat` is the flattened `model` that it ran on.
  AscentState(const Model& model, const FlatModel& flat, const DualAscent& ascent);

  /// Hands prices and messages to an ascent on the model.
  void hand_to(DualAscent& ascent, const Model& model, const FlatModel& flat) const;

  void transfer(Archive& archive) { archive(prices, messages, scale, level); }

  std::vector<float> prices;    ///< [times] cost units per memory unit and time point
  std::vector<float> messages;  ///< per edge: [domain(u)] to u, then [domain(v)] to v
  double scale = 0;             ///< of the model's costs: that of all ascents on its restrictions
  double level = 0;  ///< of the step rule at the end of the ascent, cost units; 0: unknown
};

/// Where an ascent goes on that ended elsewhere, on a similar model.
struct WarmStart {
  WarmStart() = default;
  /// Where an ascent's best bound is; `flat` is the flattened `model` that it runs on.
  WarmStart(const Model& model, const FlatModel& flat, const DualAscent& ascent);

  AscentState state;
  double bound = 0;  ///< in floats, constant included
  std::int64_t rounds = 0;

  /// `options` for an ascent that goes on from here. Its scale has to be set.
  DualOptions options(DualOptions options) const;
};

/// A price ascent on a restriction of a model, from and to AscentStates of that model.
class PartialAscent {
 public:
  /// Refers to `model`, not to `state`.
  PartialAscent(const Model& model, Restriction restriction, const AscentState& state,
                const DualOptions& options, const StopToken& stop = {});

  /// Overwrites what `state` says of the restriction's times and values.
  void save(AscentState& state) const;

  const Restriction& restriction() const { return restriction_; }
  const Model& part() const { return restriction_.model; }
  const FlatModel& flat() const { return flat_; }
  DualAscent& ascent() { return ascent_; }

 private:
  const Model& model_;
  Restriction restriction_;
  FlatModel flat_;
  DualAscent ascent_;
};

}  // namespace warpshard
