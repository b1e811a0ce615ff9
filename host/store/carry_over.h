#pragma once

#include <optional>
#include <vector>

#include "host/model/stop_token.h"
#include "host/reduce/reducer.h"
#include "host/store/record_folder.h"
#include "warpshard/plan_store.h"
#include "warpshard/problem.h"

namespace warpshard::store {

/// An instance's core: what the reductions leave of it, forbidden entries being hard.
struct Core {
  Reducer reducer;
  std::string key;
};

/// Reduces; nothing where that is refused or stopped, or leaves no plan without forbidden entries.
std::optional<Core> core_of(const Problem& problem, const StopToken& stop = {});

/// The best plan that comes of other instances with the same shape, repaired; of those that were
/// asked until `stop`.
std::optional<StoredPlan> from_shape(const Problem& problem, const std::string& shape,
                                     const std::vector<RecordFolder>& folders,
                                     const StopToken& stop);

/// The best plan that comes of other instances with the same core, lifted.
std::optional<StoredPlan> from_core(const Problem& problem, const Core& core,
                                    const std::vector<RecordFolder>& folders);

}  // namespace warpshard::store
