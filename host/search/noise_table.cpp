#include "host/search/noise_table.h"

#include <cmath>
#include <utility>

namespace warpshard {

NoiseTable::NoiseTable(std::int32_t longest_row) {
  // Evenly spaced quantiles in a random order: the table has the distribution's exact shape.
  const std::uint32_t count = NoiseView::kEntries;
  gumbel_.resize(count);
  for (std::uint32_t k = 0; k < count; ++k)
    gumbel_[k] = static_cast<float>(-std::log(-std::log((k + 0.5) / count)));
  RandomStream random(/*seed=*/0x67756D62, /*chain=*/0);
  for (std::uint32_t k = count - 1; k > 0; --k) std::swap(gumbel_[k], gumbel_[random.below(k + 1)]);
  for (std::int32_t k = 0; k < longest_row; ++k) gumbel_.push_back(gumbel_[k % count]);
}

}  // namespace warpshard
