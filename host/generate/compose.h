#pragma once

#include <cstdint>
#include <optional>

#include "host/generate/graph.h"
#include "warpshard/generate.h"

namespace warpshard::generator {

/// Fewest nodes a training step can have here (one layer, one matrix each way).
inline constexpr std::int64_t kFewestNodes = 16;

/// The training step of a model that the options and the seed describe.
///
/// With options.target_nodes, as many full layers as fit, then lighter ones, then tuple elements
/// until the number is met; small numbers get a simpler model. Expects target_nodes of zero or at
/// least kFewestNodes.
Graph compose(const GeneratorOptions& options);

}  // namespace warpshard::generator
