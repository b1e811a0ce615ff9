#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "host/model/work.h"
#include "host/reduce/reducer.h"
#include "host/search/noise_table.h"

namespace warpshard {

/// A reduced instance in every form that searchers need; immutable, shared by threads. Reducing
/// further makes a new core.
struct Core {
  /// `made`: the reducer's model, if somebody has made it already.
  explicit Core(Reducer reduced, std::optional<Model> made = std::nullopt,
                bool may_have_forbidden = false)
      : reducer(std::move(reduced)),
        model(made ? std::move(*made) : reducer.model()),
        flat(model),
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
  bool allows_forbidden = false;   ///< forbidden entries are dear, not ruled out
  std::int32_t num_connected = 0;  ///< variables with neighbours
  /// A bound on what its assignments cost is one on all plans.
  bool proves() const { return reducer.bounds_plans(); }
  std::int32_t num_loners() const { return model.num_variables() - num_connected; }
};

using CorePointer = std::shared_ptr<const Core>;

}  // namespace warpshard
