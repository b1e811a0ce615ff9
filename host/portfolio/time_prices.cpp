#include "host/portfolio/time_prices.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace warpshard {
namespace {

/// The place of the time nearest to `time`; of two the earlier. `times` is ascending, not empty.
std::size_t nearest(std::span<const std::int64_t> times, std::int64_t time) {
  const auto later = std::ranges::lower_bound(times, time) - times.begin();
  if (later == 0) return 0;
  if (later == std::ssize(times)) return times.size() - 1;
  const auto distance = [&](std::size_t at) {
    const auto [least, most] = std::minmax(times[at], time);
    return static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  };
  const auto at = static_cast<std::size_t>(later);
  return distance(at) < distance(at - 1) ? at : at - 1;
}

}  // namespace

std::vector<TimePrice> prices_of(const Core& core, std::span<const float> prices) {
  std::vector<TimePrice> priced;
  const auto times = core.reducer.times();
  for (std::size_t t = 0; t < times.size(); ++t)
    if (prices[t] > 0) priced.push_back({times[t], prices[t]});
  return priced;
}

std::vector<TimePrice> prices_of(const Guide& guide) {
  return prices_of(*guide.core, guide.state.prices);
}

std::vector<float> prices_at_times(const Core& core, std::span<const TimePrice> prices) {
  const auto times = core.reducer.times();
  std::vector<double> sums(times.size(), 0);
  if (times.empty()) return {};
  for (const TimePrice& price : prices) sums[nearest(times, price.time)] += price.price;
  const auto quantum = static_cast<double>(core.flat.usage_quantum);
  constexpr double kMost = std::numeric_limits<float>::max();
  std::vector<float> scaled;
  for (const double sum : sums)
    scaled.push_back(static_cast<float>(std::min(sum * quantum, kMost)));
  return scaled;
}

}  // namespace warpshard
