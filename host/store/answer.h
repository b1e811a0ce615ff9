#pragma once

#include <vector>

#include "host/store/record_folder.h"
#include "warpshard/plan_store.h"
#include "warpshard/problem.h"

namespace warpshard::store {

/// What records of an instance amount to. Plans are evaluated afresh, the cheapest first, until one
/// is what its record says; among equally cheap ones the first in lexicographic order counts.
/// Records that cannot be right go to `faults`.
StoreAnswer answer_from(const Problem& problem, std::vector<ReadRecord> records,
                        std::vector<StoreFault> faults);

/// A plan from elsewhere, if it is one of this instance and within its limit.
std::optional<StoredPlan> verified(const Problem& problem, Plan plan, const std::string& source,
                                   const std::string& version);

}  // namespace warpshard::store
