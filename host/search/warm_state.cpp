#include "host/search/warm_state.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "host/search/chain.h"

namespace warpshard {
namespace {

/// The value of least cost of its own for every variable.
Assignment cheapest_values(const ModelView& model) {
  Assignment values;
  for (std::int32_t v = 0; v < model.num_variables; ++v) {
    const float* const row = model.unary + model.row_offsets[v];
    values.push_back(
        static_cast<std::int32_t>(std::min_element(row, row + model.domains[v]) - row));
  }
  return values;
}

}  // namespace

WarmState warm_up(const FlatModel& model, const NoiseTable& noise, std::uint64_t seed,
                  const std::function<bool(int epoch)>& enough) {
  constexpr double kThreeDecades = 1e-3;
  constexpr double kMiddle = 0.03;
  const ModelView view = model.view();
  Chain chain(view, noise, seed, /*number=*/0);
  chain.start(cheapest_values(view), std::vector<float>(model.capacity.size(), 0));
  const std::int32_t num_roots = chain.policy().num_roots;
  const auto scale = [&] {
    return std::max(1.0, std::abs(static_cast<double>(chain.account().finite))) / num_roots;
  };
  const double capacity =
      std::accumulate(model.capacity.begin(), model.capacity.end(), 1.0,
                      [](double sum, std::int32_t amount) { return sum + amount; });
  chain.set_prices(std::vector<float>(model.capacity.size(),
                                      static_cast<float>(scale() * num_roots / capacity)));
  const double hottest = scale();
  for (int epoch = 0; epoch < kWarmEpochs; ++epoch) {
    const double cooled = hottest * std::pow(kThreeDecades, epoch / (2.0 * kWarmEpochs));
    do {
      chain.run(static_cast<float>(cooled), 1 << 12);
    } while (!enough(epoch));
    chain.sweep_loners(static_cast<float>(cooled));
    chain.follow_prices(PriceRule{});
  }
  const auto temperature = static_cast<float>(kMiddle * scale());
  chain.run(temperature, 1 << 14);
  return {chain.values(), {chain.prices().begin(), chain.prices().end()}, temperature};
}

}  // namespace warpshard
