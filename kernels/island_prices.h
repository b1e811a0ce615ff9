#pragma once

#include <cstdint>

#include "kernels/population.h"
#include "kernels/prices.h"

namespace warpshard {

/// An island's price at one time point after an epoch: follows the mean slack of the coldest
/// quarter of its chains.
WARPSHARD_HD inline float followed_price(const PopulationView& population, const PriceRule& rule,
                                         std::int32_t island, std::int32_t t, float mean_price) {
  const std::int32_t rungs = population.shape.chains_per_island;
  const std::int32_t* const ladder = population.ladder + PopulationView::row(island, rungs);
  const std::int32_t followed = (rungs + 3) / 4;
  std::int64_t slack = 0;
  for (std::int32_t r = 0; r < followed; ++r) slack += population.slack(ladder[r], t);
  const std::int64_t at = PopulationView::row(island, population.shape.num_times) + t;
  return follow_price(rule, population.prices[at], mean_price,
                      static_cast<std::int32_t>(slack / followed), population.model.capacity[t],
                      population.model.price_ceiling);
}

/// Sums an island's prices before each time point, on one lane.
WARPSHARD_HD inline void sum_island_prices(const PopulationView& population, std::int32_t island) {
  const std::int32_t times = population.shape.num_times;
  const float* const prices = population.prices + PopulationView::row(island, times);
  double* const prefix = population.prefix + PopulationView::row(island, times + 1);
  prefix[0] = 0;
  for (std::int32_t t = 0; t < times; ++t) prefix[t + 1] = prefix[t] + prices[t];
}

/// An island's next prices and their sums, on one lane.
WARPSHARD_HD inline void follow_island_prices(const PopulationView& population,
                                              const PriceRule& rule, std::int32_t island) {
  const std::int32_t times = population.shape.num_times;
  if (times == 0) return;
  float* const prices = population.prices + PopulationView::row(island, times);
  double sum = 0;
  for (std::int32_t t = 0; t < times; ++t) sum += prices[t];
  const auto mean = static_cast<float>(sum / times);
  for (std::int32_t t = 0; t < times; ++t)
    prices[t] = followed_price(population, rule, island, t, mean);
  sum_island_prices(population, island);
}

/// Writes one variable's row of priced unary costs for an island.
template <typename Group>
WARPSHARD_HD void price_island_row(Group group, const PopulationView& population,
                                   std::int32_t island, std::int32_t v) {
  const PopulationShape& shape = population.shape;
  price_row(group, population.model,
            population.prefix + PopulationView::row(island, shape.num_times + 1), v,
            population.priced_unary + PopulationView::row(island, shape.num_rows));
}

/// Writes all of an island's priced unary costs.
template <typename Group>
WARPSHARD_HD void price_island_rows(Group group, const PopulationView& population,
                                    std::int32_t island) {
  for (std::int32_t v = 0; v < population.shape.num_variables; ++v)
    price_island_row(group, population, island, v);
}

}  // namespace warpshard
