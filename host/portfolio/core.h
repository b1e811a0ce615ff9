#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"
#include "host/model/work.h"
#include "host/reduce/reducer.h"
#include "host/search/noise_table.h"

namespace warpshard {

/// Pairs of variable and value.
using ValueList = std::vector<std::pair<std::int32_t, std::int32_t>>;

/// How an instance's own core was made.
enum class CoreOrigin : std::int32_t {
  kReduced,    ///< by all reductions at once
  kEarly,      ///< by the cheap ones, to have something to search
  kCompleted,  ///< by the others, from that
};

/// A reduced instance in every form that searchers need; immutable, shared by threads. Reducing
/// further makes a new core.
struct Core {
  /// `made`: the reducer's model, if somebody has made it already. Of no use once stopped.
  explicit Core(Reducer reduced, std::optional<Model> made = std::nullopt,
                bool may_have_forbidden = false, int threads = 1, const StopToken& stop = {})
      : reducer(std::move(reduced)),
        model(made ? std::move(*made) : reducer.model()),
        flat(model, stop, threads),
        noise(flat.max_stride),
        rates(model),
        allows_forbidden(may_have_forbidden) {
    const ModelView view = flat.view();
    for (std::int32_t v = 0; v < view.num_variables; ++v)
      if (view.arc_offsets[v] < view.arc_offsets[v + 1]) ++num_connected;
  }

  Reducer reducer;
  Model model;
  FlatModel flat;
  NoiseTable noise;
  WorkRates rates;
  bool allows_forbidden = false;  ///< forbidden entries are dear, not ruled out
  CoreOrigin origin = CoreOrigin::kReduced;
  /// What leads to this core again: the values taken away from the instance's own core, then from
  /// what that became, and so on.
  std::vector<ValueList> removals;
  std::int32_t num_connected = 0;  ///< variables with neighbours
  /// A bound on what its assignments cost is one on all plans.
  bool proves() const { return reducer.bounds_plans(); }
  std::int32_t num_loners() const { return model.num_variables() - num_connected; }
};

using CorePointer = std::shared_ptr<const Core>;

/// What reducing an instance comes to.
struct ReducedInstance {
  ReductionVerdict verdict = ReductionVerdict::kOpen;
  CorePointer core;                    ///< null if that is the verdict, on failure, or if stopped
  std::optional<std::string> failure;  ///< why it cannot be searched, one line
};

/// `allow_forbidden`: for plans with as few forbidden entries as possible, not with none.
ReducedInstance reduce_instance(const Problem& problem, bool allow_forbidden, int threads,
                                const StopToken& stop,
                                ReductionExtent extent = ReductionExtent::kAll);

/// What all reductions leave of an early core.
ReducedInstance complete_core(const Core& early, int threads, const StopToken& stop);

/// The core without some of its values, reduced further; null if nothing is left, or if stopped.
CorePointer shrunken_core(const Core& core, const ValueList& removed, const StopToken& stop);

}  // namespace warpshard
