#pragma once

#include <string>

#include "host/store/layers.h"
#include "warpshard/plan_store.h"

namespace warpshard::cli {

/// One HTML page, complete in itself, about all instances of a store: a table, and for each of them
/// cost and bound over the time spent and, where its file still is what it was, memory over time
/// against the limit.
std::string tune_report(const store::Layers& layers, std::vector<StoreFault>& faults);

}  // namespace warpshard::cli
