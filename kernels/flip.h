#pragma once

#include <cassert>
#include <cstdint>

#include "kernels/commit.h"
#include "kernels/score.h"

namespace warpshard {

/// Heat-bath flip: scores all values of one variable with noise and takes the best that fits.
/// The scores are floats, the account is left to settle_account(). Returns true if the value
/// changed.
///
/// Every step of the walk down the scores crosses one out, so it ends, whatever they are: at the
/// present value, which fits, if not before.
template <typename Group>
WARPSHARD_HD bool flip(Group group, const ModelView& model, ChainView& chain, std::int32_t v,
                       std::uint32_t noise_word) {
  float* const scores = chain.scratch.scores;
  const std::int32_t stride = model.stride(v);
  score_values(
      group, model, chain, v, chain.noise.window(noise_word), [](std::int32_t) { return false; },
      scores);
  if (group.rank() == 0) {
    ++chain.counters->flip_visits;
    chain.counters->deltas += model.domains[v];
  }
  const std::int32_t from = chain.values[v];
  assert(is_score(scores[from]));
  for (;;) {
    const std::int32_t to = Group::arg_min(scores, stride);
    if (to == from || !is_score(scores[to])) return false;
    if (change_fits(group, model, chain, v, from, to)) {
      move_memory(group, model, chain, v, from, to);
      change_value(group, chain, v, to);
      if (group.rank() == 0) ++chain.counters->accepted;
      return true;
    }
    if (group.rank() == 0) scores[to] = kPadCost;
    group.sync();
  }
}

}  // namespace warpshard
