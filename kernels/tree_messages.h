#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/model_view.h"
#include "kernels/portable.h"
#include "kernels/tree_quads.h"

namespace warpshard {

/// Adds messages to four of a tree's scores, one after the other; two are on their way together.
template <typename Lane>
WARPSHARD_HD void add_messages(const MoveScratch& scratch, const SumQuad& quad,
                               const float* messages) {
  const float* message = messages + quad.message * kQuad;
  const std::int32_t step = quad.step * kQuad;
  float* const scores = scratch.scores + quad.score;
  auto sum = Lane::load(scores);
  for (std::int32_t left = quad.messages; left > 0; left -= 2) {
    const auto first = Lane::load(message);
    const auto second = Lane::load(left > 1 ? message + step : message);
    sum = Lane::add_weighted(sum + first, second, left > 1 ? 1.0F : 0.0F);
    message += 2 * step;
  }
  Lane::store(scores, sum);
}

}  // namespace warpshard
