#pragma once

#include <algorithm>
#include <cstdint>
#include <random>

#include "host/model/model.h"

namespace warpshard {

/// What random_model() draws.
struct RandomModelShape {
  std::int32_t num_variables = 6;
  std::int32_t min_domain = 1;
  std::int32_t max_domain = 4;
  double edges_per_variable = 1.3;  ///< on average; none are parallel
  std::int32_t hubs = 0;            ///< the first so many have edges to half of all
  std::int32_t num_times = 5;
  std::int32_t max_segments = 2;  ///< of a variable
  double forbidden_probability = 0.15;
  std::int64_t max_cost = 50;  ///< in magnitude
  bool negative_costs = true;
  std::int64_t max_constant = 0;  ///< in magnitude
  double tightness = 0.6;         ///< capacity as a fraction of the greatest usage
};

/// Shapes as different as brute force can check; every second one with costs up to `dearest`.
inline RandomModelShape varied_shape(std::uint64_t seed, std::int64_t dearest = 100'000'000) {
  RandomModelShape shape;
  shape.num_variables = 2 + static_cast<std::int32_t>(seed % 6);
  shape.max_domain = 2 + static_cast<std::int32_t>(seed % 3);
  shape.num_times = 4;
  shape.max_segments = 4;
  shape.tightness = 0.2 + 0.1 * static_cast<double>(seed % 7);
  shape.edges_per_variable =
      (0.1 + 0.05 * static_cast<double>(seed % 7)) * (shape.num_variables - 1);
  shape.max_cost = seed % 2 == 1 ? dearest : 20;
  shape.max_constant = 50;
  return shape;
}

/// So large that blocks of the memory profile, long rows and deep trees come up.
inline RandomModelShape large_shape() {
  RandomModelShape shape;
  shape.num_variables = 300;
  shape.max_domain = 40;
  shape.num_times = 700;
  shape.max_segments = 5;
  shape.tightness = 0.2;
  return shape;
}

/// Draws a model, part by part.
class RandomModel {
 public:
  RandomModel(const RandomModelShape& shape, std::uint64_t seed) : shape_(shape), random_(seed) {}

  Model draw() {
    model_.constant = Cost{0, between(-shape_.max_constant, shape_.max_constant)};
    model_.capacity.assign(static_cast<std::size_t>(shape_.num_times), 0);
    for (std::int32_t v = 0; v < shape_.num_variables; ++v) add_variable(v);
    for (auto& capacity : model_.capacity)
      capacity = static_cast<std::int64_t>(static_cast<double>(capacity) * shape_.tightness);
    const double probability = 2 * shape_.edges_per_variable / (shape_.num_variables - 1);
    for (std::int32_t u = 0; u < shape_.num_variables; ++u)
      for (std::int32_t v = u + 1; v < shape_.num_variables; ++v)
        if (chance(u < shape_.hubs ? 0.5 : probability)) add_edge(u, v);
    return std::move(model_);
  }

 private:
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }
  bool chance(double probability) {
    return std::uniform_real_distribution<double>(0, 1)(random_) < probability;
  }
  std::int64_t cost() {
    return between(shape_.negative_costs ? -shape_.max_cost : 0, shape_.max_cost);
  }

  void add_variable(std::int32_t v) {
    const auto domain = static_cast<std::int32_t>(between(shape_.min_domain, shape_.max_domain));
    model_.value_offsets.push_back(model_.value_offsets.back() + domain);
    for (std::int32_t d = 0; d < domain; ++d)
      model_.unary.push_back(d > 0 && chance(shape_.forbidden_probability / 4) ? kForbiddenEntry
                                                                               : cost());
    std::int32_t time = 0;
    for (std::int32_t left = shape_.max_segments;
         domain > 1 && left > 0 && time < shape_.num_times && chance(0.7); --left) {
      const auto begin = static_cast<std::int32_t>(between(time, shape_.num_times - 1));
      time = static_cast<std::int32_t>(between(begin + 1, shape_.num_times));
      add_segment(begin, time, domain, v % domain);
    }
    model_.segment_offsets.push_back(static_cast<std::int32_t>(model_.segments.size()));
  }

  void add_segment(std::int32_t begin, std::int32_t end, std::int32_t domain, std::int32_t free) {
    model_.segments.push_back({begin, end, static_cast<std::int64_t>(model_.segment_usage.size())});
    std::int64_t most = 0;
    for (std::int32_t d = 0; d < domain; ++d) {
      model_.segment_usage.push_back(d == free ? 0 : between(1, 30));
      most = std::max(most, model_.segment_usage.back());
    }
    for (std::int32_t t = begin; t < end; ++t) model_.capacity[t] += most;
  }

  void add_edge(std::int32_t u, std::int32_t v) {
    model_.edges.push_back({u, v, static_cast<std::int32_t>(model_.edges.size())});
    for (std::int32_t k = 0; k < model_.domain(u) * model_.domain(v); ++k)
      model_.entries.push_back(chance(shape_.forbidden_probability) ? kForbiddenEntry : cost());
    model_.table_offsets.push_back(static_cast<std::int64_t>(model_.entries.size()));
  }

  RandomModelShape shape_;
  std::mt19937_64 random_;
  Model model_;
};

/// A random model; costs may be negative, some variables use no memory, some have no edges. See
/// free_assignment() for one that fits. Deterministic for a seed and a standard library.
inline Model random_model(const RandomModelShape& shape, std::uint64_t seed) {
  return RandomModel(shape, seed).draw();
}

/// Every variable's free value: within any limit.
inline Assignment free_assignment(const Model& model) {
  Assignment values;
  for (std::int32_t v = 0; v < model.num_variables(); ++v) values.push_back(v % model.domain(v));
  return values;
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

}  // namespace warpshard
