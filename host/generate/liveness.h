#pragma once

#include <vector>

#include "host/generate/graph.h"
#include "warpshard/problem.h"

namespace warpshard::generator {

/// When each node's memory is occupied. Every operation with a buffer of its own takes one time
/// step, in program order; an in-place update is part of the step before it. A buffer lives from
/// its definition through its last use, in any alias; a parameter from time 0, a result until the
/// end, a persistent one during the whole step. Nodes that live in another node's buffer have the
/// empty interval [0, 0).
std::vector<Interval> live_intervals(const Graph& graph);

}  // namespace warpshard::generator
