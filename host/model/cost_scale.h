#pragma once

#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// How much costs matter in a model: a third of the sum, over all variables and all ends of edges,
/// of how far the mean entry is above the least, where an edge's entry for a value is its least
/// beside any partner. Forbidden entries do not count. On large instances that is about as much as
/// the best plan costs above what every plan costs; at least 1. A constant added to all entries of
/// a list changes nothing, bit for bit, and all costs times a power of two give the scale times it.
double cost_scale(const Model& model, const StopToken& stop = {});

}  // namespace warpshard
