#pragma once

#include <cstdint>

#include "kernels/fast_exp.h"
#include "kernels/model_view.h"
#include "kernels/portable.h"
#include "kernels/prices.h"

namespace warpshard {

/// The least entry of a row; every lane gets it.
template <class Group>
WARPSHARD_HD float least_of(const float* row, std::int32_t stride) {
  typename Group::Float least = Group::splat(kPadCost);
  for (std::int32_t d = Group::first(); d < stride; d += Group::kStep)
    least = Group::min(least, Group::load(row + d));
  return Group::reduce_min(least);
}

/// Expected usage of variable v where value d has weight exp((least - min_marginals[d]) /
/// temperature): calls add(segment, quanta) once per segment, in every lane. `least` is the least
/// min-marginal; `weights` is [stride(v)] floats that the group alone uses.
template <class Group, class Add>
WARPSHARD_HD void expect_usage(const ModelView& model, std::int32_t v, const float* min_marginals,
                               float least, float temperature, float* weights, Add&& add) {
  using Float = typename Group::Float;
  const std::int32_t stride = model.stride(v);
  const float sharpness = 1.0F / temperature;
  Float total = Group::splat(0.0F);
  for (std::int32_t d = Group::first(); d < stride; d += Group::kStep) {
    const Float below = Group::splat(least) - Group::load(min_marginals + d);
    const Float weight = exp_nonpositive<Group>(below * Group::splat(sharpness));
    Group::store(weights + d, weight);
    total = total + weight;
  }
  const float scale = 1.0F / Group::reduce_sum(total);
  for (std::int32_t s = model.segment_offsets[v]; s < model.segment_offsets[v + 1]; ++s) {
    const std::int32_t* usage = model.usage + model.segments[s].row;
    Float expected = Group::splat(0.0F);
    for (std::int32_t d = Group::first(); d < stride; d += Group::kStep)
      expected = expected + Group::load(weights + d) * Group::to_float(Group::load(usage + d));
    add(model.segments[s], Group::reduce_sum(expected) * scale);
  }
}

}  // namespace warpshard
