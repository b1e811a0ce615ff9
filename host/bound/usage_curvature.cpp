#include "host/bound/usage_curvature.h"

#include <algorithm>
#include <unordered_map>

#include "kernels/fast_exp.h"
#include "kernels/price_step.h"
#include "kernels/serial_group.h"

namespace warpshard {
namespace {

/// Variables whose values but the best weigh less than this together count for nothing.
constexpr float kLeastWeight = 0.05F;

/// So many neighbouring segments of a variable are looked at together; of a variable that has more,
/// covariances between such groups are left out.
constexpr std::int32_t kTogether = 32;

/// The first segment of the group that a variable's i-th is in.
constexpr std::int32_t group_of(std::int32_t i) {
  return i - i % kTogether;
}

std::uint64_t key_of(std::int32_t first, std::int32_t second) {
  return static_cast<std::uint64_t>(first) << 32U | static_cast<std::uint32_t>(second);
}

}  // namespace

UsageCurvature::UsageCurvature(const FlatModel& flat, const Sweeps& sweeps)
    : flat_(flat), sweeps_(sweeps), weights_(static_cast<std::size_t>(flat.max_stride), 0) {
  std::unordered_map<std::uint64_t, std::int32_t> spans;
  std::unordered_map<std::uint64_t, std::int32_t> pairs;
  std::vector<std::int32_t> mine;
  for (std::size_t v = 0; v < flat.domains.size(); ++v) {
    mine.clear();
    for (std::int32_t s = flat.segment_offsets[v]; s < flat.segment_offsets[v + 1]; ++s) {
      const UsageSegment& segment = flat.segments[s];
      const auto [span, is_new] = spans.try_emplace(key_of(segment.begin, segment.end),
                                                    static_cast<std::int32_t>(spans_.size()));
      if (is_new) spans_.push_back({segment.begin, segment.end});
      mine.push_back(span->second);
      const std::int32_t i = s - flat.segment_offsets[v];
      for (std::int32_t j = group_of(i); j <= i; ++j) {
        const std::int32_t other = mine[j];
        const Pair pair{std::min(other, span->second), std::max(other, span->second)};
        const auto [at, is_new_pair] = pairs.try_emplace(key_of(pair.first, pair.second),
                                                         static_cast<std::int32_t>(pairs_.size()));
        if (is_new_pair) pairs_.push_back(pair);
        pair_of_.push_back(at->second);
      }
    }
    pair_offsets_.push_back(static_cast<std::int32_t>(pair_of_.size()));
  }
  covariances_.assign(pairs_.size(), 0);
}

void UsageCurvature::collect(const TrwsView& rows, double temperature) {
  std::ranges::fill(covariances_, 0);
  const auto warmth = static_cast<float>(temperature);
  for (const SweepVariable& variable : sweeps_.variables())
    take(variable.id, rows.min_marginals + variable.row, warmth);
  for (const std::int32_t v : sweeps_.isolated())
    take(v, rows.unary + flat_.row_offsets[v], warmth);
}

void UsageCurvature::take(std::int32_t v, const float* row, float temperature) {
  using Group = SerialGroup;
  const std::int32_t first = flat_.segment_offsets[v];
  const std::int32_t count = flat_.segment_offsets[v + 1] - first;
  if (count == 0) return;
  const std::int32_t stride = flat_.row_offsets[v + 1] - flat_.row_offsets[v];
  const float least = least_of<Group>(row, stride);
  const Group::Float sharpness = Group::splat(1 / temperature);
  Group::Float sum = Group::splat(0.0F);
  for (std::int32_t d = 0; d < stride; d += Group::kStep) {
    const Group::Float below = Group::splat(least) - Group::load(row + d);
    const Group::Float weight = exp_nonpositive<Group>(below * sharpness);
    Group::store(weights_.data() + d, weight);
    sum = sum + weight;
  }
  const float total = Group::reduce_sum(sum);
  if (total < 1 + kLeastWeight) return;
  const std::int32_t domain = flat_.domains[v];
  means_.assign(static_cast<std::size_t>(count), 0);
  const std::int32_t* pair = pair_of_.data() + pair_offsets_[v];
  for (std::int32_t i = 0; i < count; ++i) {
    const std::int32_t* mine = flat_.usage.data() + flat_.segments[first + i].row;
    for (std::int32_t d = 0; d < domain; ++d)
      means_[i] += static_cast<double>(weights_[d]) * mine[d];
    means_[i] /= total;
    for (std::int32_t j = group_of(i); j <= i; ++j, ++pair) {
      const std::int32_t* other = flat_.usage.data() + flat_.segments[first + j].row;
      double covariance = 0;
      for (std::int32_t d = 0; d < domain; ++d)
        covariance += weights_[d] * (mine[d] - means_[i]) * (other[d] - means_[j]);
      covariances_[*pair] += covariance / (static_cast<double>(total) * temperature);
    }
  }
}

}  // namespace warpshard
