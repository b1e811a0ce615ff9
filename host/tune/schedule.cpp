#include "host/tune/schedule.h"

#include <algorithm>
#include <limits>

namespace warpshard::tune {

double expected_gain(const Standing& standing) {
  if (standing.slices == 0 && standing.seconds == 0) return std::numeric_limits<double>::infinity();
  // A gap of g after T seconds that shrinks as 1 / T shrinks by g / T per second.
  constexpr double kLeastSeconds = 0.1;
  const double hyperbola = standing.gap / std::max(standing.seconds, kLeastSeconds);
  return standing.weight * 0.5 * (standing.recent_gain + hyperbola);
}

std::optional<std::size_t> next_slice(std::span<const Standing> standings) {
  std::optional<std::size_t> best;
  const auto better = [&](const Standing& a, const Standing& b) {
    if (a.aside != b.aside) return b.aside;
    return expected_gain(a) > expected_gain(b);
  };
  for (std::size_t i = 0; i < standings.size(); ++i)
    if (standings[i].open && (!best || better(standings[i], standings[*best]))) best = i;
  return best;
}

double SliceLength::seconds(double spent) const {
  return std::clamp(spent, std::min(first, longest), longest);
}

}  // namespace warpshard::tune
