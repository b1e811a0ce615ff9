#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "host/model/model.h"

namespace warpshard::testing {

/// Shape of a random model.
struct RandomModelOptions {
  std::int32_t variables = 6;
  std::int32_t most_values = 4;
  double edges_per_variable = 1.3;
  double forbidden_share = 0.15;
  std::int32_t times = 5;
  std::int32_t most_segments = 2;
  double tightness = 0.6;  ///< capacity as a share of the way from least to greatest usage
};

/// A valid model; deterministic for a seed and a standard library.
inline Model random_model(std::uint64_t seed, const RandomModelOptions& options = {}) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::int64_t bound) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
  };
  Model model;
  const std::int32_t n = options.variables;
  for (std::int32_t v = 0; v < n; ++v) {
    const auto domain = static_cast<std::int32_t>(2 + below(options.most_values - 1));
    model.value_offsets.push_back(model.value_offsets.back() + domain);
    for (std::int32_t d = 0; d < domain; ++d) model.unary.push_back(below(100));
  }
  std::map<std::pair<std::int32_t, std::int32_t>, bool> joined;
  const auto wanted = static_cast<std::int32_t>(options.edges_per_variable * n);
  for (std::int32_t e = 0; e < wanted && n > 1; ++e) {
    const auto u = static_cast<std::int32_t>(below(n));
    const auto v = static_cast<std::int32_t>(below(n));
    if (u < v) joined[{u, v}] = true;
  }
  for (const auto& [ends, unused] : joined) {
    const auto size = model.domain(ends.first) * model.domain(ends.second);
    for (std::int32_t k = 0; k < size; ++k) {
      const bool forbidden =
          below(1000) < static_cast<std::int64_t>(1000 * options.forbidden_share);
      model.entries.push_back(forbidden ? kForbiddenEntry : below(100));
    }
    model.edges.push_back({ends.first, ends.second, static_cast<std::int32_t>(model.edges.size())});
    model.table_offsets.push_back(static_cast<std::int64_t>(model.entries.size()));
  }
  std::vector<std::int64_t> greatest(static_cast<std::size_t>(options.times), 0);
  for (std::int32_t v = 0; v < n; ++v) {
    std::int32_t begin = 0;
    const auto segments = below(options.most_segments + 1);
    for (std::int64_t s = 0; s < segments && begin < options.times; ++s) {
      begin += static_cast<std::int32_t>(below(options.times - begin));
      const auto end = begin + 1 + static_cast<std::int32_t>(below(options.times - begin));
      const auto offset = static_cast<std::int64_t>(model.segment_usage.size());
      std::int64_t most = 0;
      for (std::int32_t d = 0; d < model.domain(v); ++d) {
        model.segment_usage.push_back(d == 0 ? 0 : 1 + below(50));
        most = std::max(most, model.segment_usage.back());
      }
      model.segments.push_back({begin, static_cast<std::int32_t>(end), offset});
      for (std::int32_t t = begin; t < end; ++t) greatest[t] += most;
      begin = static_cast<std::int32_t>(end);
    }
    model.segment_offsets.push_back(static_cast<std::int32_t>(model.segments.size()));
  }
  for (const std::int64_t most : greatest)
    model.capacity.push_back(
        static_cast<std::int64_t>(options.tightness * static_cast<double>(most)));
  return model;
}

/// A random value for every variable.
inline Assignment random_assignment(const Model& model, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Assignment values;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    values.push_back(
        static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(model.domain(v))));
  return values;
}

}  // namespace warpshard::testing
