#pragma once

#include <cstdint>
#include <vector>

#include "host/generate/graph.h"

namespace warpshard::generator {

/// Adam's moving averages, one of each per weight; empty for plain gradient descent.
struct OptimizerState {
  std::vector<std::int32_t> first_moment;
  std::vector<std::int32_t> second_moment;
};

/// Adds the optimizer's parameters to the graph.
OptimizerState declare_optimizer_state(Graph& graph, bool adam,
                                       const std::vector<std::int32_t>& weights);

/// Appends the update of every weight, in place, and of Adam's averages, into new buffers, and the
/// step's results: tuple elements that name the new values. Adam (Kingma and Ba 2015) with
/// decoupled weight decay and clipping by global norm, or plain gradient descent. `gradients` is
/// indexed by node.
void append_updates(Graph& graph, bool adam, const std::vector<std::int32_t>& weights,
                    const std::vector<std::int32_t>& gradients, const OptimizerState& state);

}  // namespace warpshard::generator
