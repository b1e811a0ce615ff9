#pragma once

#include <cstdint>
#include <random>

#include "host/model/model.h"

namespace warpshard {

/// What random_model() draws.
struct RandomModelShape {
  std::int32_t num_variables = 5;
  std::int32_t max_domain = 4;
  double edge_probability = 0.4;
  std::int32_t num_times = 4;
  double forbidden_probability = 0.15;
  std::int64_t max_cost = 20;
  double tightness = 0.5;  ///< capacity as a fraction of the greatest usage
};

/// Shapes as different as brute force can check; every second one with costs up to `dearest`.
inline RandomModelShape varied_shape(std::uint64_t seed, std::int64_t dearest = 100'000'000) {
  RandomModelShape shape;
  shape.num_variables = 2 + static_cast<std::int32_t>(seed % 6);
  shape.max_domain = 2 + static_cast<std::int32_t>(seed % 3);
  shape.tightness = 0.2 + 0.1 * static_cast<double>(seed % 7);
  shape.edge_probability = 0.2 + 0.1 * static_cast<double>(seed % 7);
  if (seed % 2 == 1) shape.max_cost = dearest;
  return shape;
}

/// A random model; costs may be negative, some variables use no memory, some no edges.
inline Model random_model(const RandomModelShape& shape, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto draw = [&](std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random);
  };
  const auto chance = [&](double probability) {
    return std::uniform_real_distribution<double>(0, 1)(random) < probability;
  };
  Model model;
  model.constant = Cost{0, draw(-50, 50)};
  model.capacity.assign(static_cast<std::size_t>(shape.num_times), 0);
  for (std::int32_t v = 0; v < shape.num_variables; ++v) {
    const auto domain = static_cast<std::int32_t>(draw(1, shape.max_domain));
    model.value_offsets.push_back(model.value_offsets.back() + domain);
    for (std::int32_t d = 0; d < domain; ++d)
      model.unary.push_back(chance(shape.forbidden_probability / 4) && d > 0
                                ? kForbiddenEntry
                                : draw(-shape.max_cost, shape.max_cost));
    std::int32_t time = 0;
    while (domain > 1 && chance(0.7)) {
      const auto begin = static_cast<std::int32_t>(draw(time, shape.num_times - 1));
      const auto end = static_cast<std::int32_t>(draw(begin + 1, shape.num_times));
      model.segments.push_back({begin, end, static_cast<std::int64_t>(model.segment_usage.size())});
      std::int64_t most = 0;
      for (std::int32_t d = 0; d < domain; ++d) {
        model.segment_usage.push_back(d == v % domain ? 0 : draw(1, 30));
        most = std::max(most, model.segment_usage.back());
      }
      for (std::int32_t t = begin; t < end; ++t) model.capacity[t] += most;
      time = end;
      if (time >= shape.num_times) break;
    }
    model.segment_offsets.push_back(static_cast<std::int32_t>(model.segments.size()));
  }
  for (auto& capacity : model.capacity)
    capacity = static_cast<std::int64_t>(static_cast<double>(capacity) * shape.tightness);
  for (std::int32_t u = 0; u < shape.num_variables; ++u) {
    for (std::int32_t v = u + 1; v < shape.num_variables; ++v) {
      if (!chance(shape.edge_probability)) continue;
      model.edges.push_back({u, v, static_cast<std::int32_t>(model.table_offsets.size()) - 1});
      for (std::int32_t k = 0; k < model.domain(u) * model.domain(v); ++k)
        model.entries.push_back(chance(shape.forbidden_probability)
                                    ? kForbiddenEntry
                                    : draw(-shape.max_cost, shape.max_cost));
      model.table_offsets.push_back(static_cast<std::int64_t>(model.entries.size()));
    }
  }
  return model;
}

}  // namespace warpshard
