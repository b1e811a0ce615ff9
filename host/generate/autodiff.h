#pragma once

#include <cstdint>
#include <vector>

#include "host/generate/graph.h"

namespace warpshard::generator {

/// Appends the backward pass of a scalar `loss` to the graph (reverse-mode differentiation, one
/// rule per OpKind). Returns each earlier node's gradient, -1 where it has none; [loss + 1].
std::vector<std::int32_t> append_gradients(Graph& graph, std::int32_t loss);

}  // namespace warpshard::generator
