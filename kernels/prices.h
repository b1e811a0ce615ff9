#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/model_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// How prices answer to a chain's own usage.
struct PriceRule {
  float raise = 1.1F;         ///< factor where usage exceeds the capacity
  float nudge = 0.02F;        ///< added there too, in mean prices, so that a price of zero can rise
  float slack_power = 0.05F;  ///< price *= (1 - slack / capacity) ^ slack_power elsewhere
};

/// The nearest price in [0, ceiling], 0 for what is no number.
WARPSHARD_HD inline float bounded_price(float price, float ceiling) {
  if (!(price > 0)) return 0;
  return price < ceiling ? price : ceiling;
}

/// A time point's next price, in cost units per usage quantum, of which `ceiling` is the highest.
/// `slack` is capacity less usage, in quanta.
WARPSHARD_HD inline float follow_price(const PriceRule& rule, float price, float mean_price,
                                       std::int32_t slack, std::int32_t capacity, float ceiling) {
  if (slack < 0) return bounded_price(price * rule.raise + rule.nudge * mean_price, ceiling);
  const float used = 1.0F - static_cast<float>(slack) / (static_cast<float>(capacity) + 1.0F);
  return price * std::pow(used > 0 ? used : 0.0F, rule.slack_power);
}

/// Writes variable v's row of unary cost + price * usage into `priced_unary`, [rows]. `prefix`
/// holds [times + 1] sums of the prices before each time point, cost units per usage quantum.
template <typename Group>
WARPSHARD_HD void price_row(Group group, const ModelView& model, const double* prefix,
                            std::int32_t v, float* priced_unary) {
  const std::int32_t row = model.row_offsets[v];
  const std::int32_t stride = model.row_offsets[v + 1] - row;
  const UsageSegment* const begin = model.segments + model.segment_offsets[v];
  const UsageSegment* const end = model.segments + model.segment_offsets[v + 1];
  for (std::int32_t d = group.first(); d < stride; d += Group::kStep) {
    auto sum = Group::load(model.unary + row + d);
    for (const UsageSegment* s = begin; s != end; ++s) {
      const auto price = static_cast<float>(prefix[s->end] - prefix[s->begin]);
      sum = sum + Group::splat(price) * Group::to_float(Group::load(model.usage + s->row + d));
    }
    Group::store(priced_unary + row + d, sum);
  }
}

}  // namespace warpshard
