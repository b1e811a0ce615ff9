#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/model_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// True for what a value may score, which tells it from padding and from values that were crossed
/// out. Prices have a ceiling and costs fit in 64 bits, so nothing else comes up.
WARPSHARD_HD inline bool is_score(float score) {
  return score > -kPadCost && score < kPadCost;
}

/// Adds to scores[0, stride) what variable v pays at each of its values to the neighbours' present
/// values; arcs with `skip(neighbour)` do not count. Starts from the priced unary costs, less
/// Gumbel noise at the chain's temperature. Padding stays far above any value.
template <typename Group, typename Skip>
WARPSHARD_HD void score_values(Group group, const ModelView& model, const ChainView& chain,
                               std::int32_t v, const float* noise, Skip skip, float* scores) {
  const std::int32_t row = model.row_offsets[v];
  const std::int32_t stride = model.row_offsets[v + 1] - row;
  const Arc* const begin = model.arcs + model.arc_offsets[v];
  const Arc* const end = model.arcs + model.arc_offsets[v + 1];
  for (std::int32_t d = group.first(); d < stride; d += Group::kStep) {
    auto sum = Group::load(chain.priced_unary + row + d) -
               Group::splat(chain.temperature) * Group::load(noise + d);
    for (const Arc* arc = begin; arc != end; ++arc) {
      if (skip(arc->neighbour)) continue;
      sum = sum + Group::load(model.tables + arc->at(chain.values[arc->neighbour]) + d);
    }
    Group::store(scores + d, sum);
  }
  group.sync();
}

}  // namespace warpshard
