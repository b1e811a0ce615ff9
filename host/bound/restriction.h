#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "host/bound/propagation.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// A part of a Model: some values taken away, and with them everything that cannot be in an
/// assignment that fits and has no forbidden entries.
struct Restriction {
  Model model;
  std::vector<std::int32_t> variables;  ///< [variables] the original's variable
  std::vector<std::int32_t> values;     ///< [values] the original's value, an index into its domain
  std::vector<std::int32_t> edges;      ///< [edges] the original's edge
  std::vector<std::int32_t> times;      ///< [times] the original's time point
  /// [the original's variables] the value of variables with only one left, which are folded into
  /// their neighbours; -1 for the variables of `model`.
  std::vector<std::int32_t> fixed;
};

/// Restricts a model to the values that are not `removed` ([values]) and what Propagation leaves of
/// them. Time points that cannot be exceeded go. Exact: assignments within the restriction that fit
/// and have no forbidden entries are all still there, at the same cost. `removed` grows by what
/// goes. Nothing if no such assignment is left, or if stopped.
std::optional<Restriction> restrict_model(const Model& model, ValueSet& removed,
                                          const StopToken& stop = {});

/// Restricts `restriction` further, to the values of its model that are not `removed`, likewise: the
/// result is in terms of the same original, as if that had been restricted at once but for tables
/// that edges share. Cheaper, the smaller `restriction` is.
std::optional<Restriction> restrict_further(const Restriction& restriction, ValueSet& removed,
                                            const StopToken& stop = {});

/// The original's assignment that an assignment of the restriction stands for.
Assignment extend(const Restriction& restriction, std::span<const std::int32_t> assignment);

}  // namespace warpshard
