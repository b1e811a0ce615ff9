#include "host/generate/optimizer.h"

#include <cstddef>
#include <map>
#include <utility>

namespace warpshard::generator {
namespace {

constexpr int kFloat = 4;

/// Weights that Adam updates side by side.
constexpr std::size_t kGroup = 2;

/// What Adam reads and writes for one weight.
struct AdamWeight {
  std::int32_t weight = -1;
  std::int32_t gradient = -1;
  std::int32_t first_moment = -1;
  std::int32_t second_moment = -1;
};

class Optimizer {
 public:
  explicit Optimizer(Graph& graph) : graph_(graph) {}

  void descend(std::int32_t weight, std::int32_t gradient) {
    if (rate_ < 0) rate_ = graph_.constant();
    const std::int32_t updated =
        graph_.update(weight, times(as_float(gradient), rate_), /*in_place=*/true);
    graph_.alias(updated);
  }

  /// Sums all squared gradients; adam() scales by the result.
  void measure_norm(const std::vector<std::int32_t>& gradients) {
    std::int32_t sum = graph_.constant();
    for (const std::int32_t gradient : gradients)
      sum = graph_.add(sum, graph_.reduce(graph_.multiply(gradient, gradient), kNoDims));
    clip_ = graph_.unary(graph_.unary(sum));
    for (std::int32_t* scalar : {&rate_, &decay_, &first_, &first_rest_, &second_, &second_rest_,
                                 &epsilon_, &first_bias_, &second_bias_})
      *scalar = graph_.constant();
  }

  /// Updates several weights side by side, operation by operation, as fused optimizers do; their
  /// intermediate results therefore live for a few steps.
  void adam(const std::vector<AdamWeight>& weights) {
    const auto each = [&](auto operation) {
      std::vector<std::int32_t> results;
      for (std::size_t i = 0; i < weights.size(); ++i) results.push_back(operation(i));
      return results;
    };
    const auto clipped = each([&](auto i) { return times(weights[i].gradient, clip_); });
    const auto drift = each([&](auto i) { return times(clipped[i], first_rest_); });
    const auto old_m = each([&](auto i) { return times(weights[i].first_moment, first_); });
    const auto next_m = each([&](auto i) { return graph_.add(old_m[i], drift[i]); });
    const auto new_m =
        each([&](auto i) { return graph_.update(weights[i].first_moment, next_m[i], false); });
    const auto square = each([&](auto i) { return graph_.multiply(clipped[i], clipped[i]); });
    const auto spread = each([&](auto i) { return times(square[i], second_rest_); });
    const auto old_v = each([&](auto i) { return times(weights[i].second_moment, second_); });
    const auto next_v = each([&](auto i) { return graph_.add(old_v[i], spread[i]); });
    const auto new_v =
        each([&](auto i) { return graph_.update(weights[i].second_moment, next_v[i], false); });
    const auto root = each([&](auto i) { return graph_.unary(times(new_v[i], second_bias_)); });
    const auto deviation = each([&](auto i) { return graph_.unary(plus(root[i], epsilon_)); });
    const auto mean = each([&](auto i) { return times(new_m[i], first_bias_); });
    const auto ratio = each([&](auto i) { return graph_.multiply(mean[i], deviation[i]); });
    const auto decay = each([&](auto i) { return times(weights[i].weight, decay_); });
    const auto sum = each([&](auto i) { return graph_.add(ratio[i], decay[i]); });
    const auto step = each([&](auto i) { return times(sum[i], rate_); });
    const auto updated =
        each([&](auto i) { return graph_.update(weights[i].weight, step[i], true); });
    for (std::size_t i = 0; i < weights.size(); ++i)
      for (const std::int32_t result : {updated[i], new_m[i], new_v[i]})
        graph_.alias(graph_.alias(graph_.alias(result)));
  }

  std::int32_t as_float(std::int32_t gradient) {
    return graph_[gradient].space.element_bytes == kFloat ? gradient
                                                          : graph_.convert(gradient, kFloat);
  }

 private:
  std::int32_t times(std::int32_t x, std::int32_t scalar) {
    return graph_.multiply(x, spread(scalar, graph_.shape(x)));
  }
  std::int32_t plus(std::int32_t x, std::int32_t scalar) {
    return graph_.add(x, spread(scalar, graph_.shape(x)));
  }

  /// A scalar repeated to a shape; shared by all weights of that shape, which makes it a hub (a
  /// compiler's elimination of common subexpressions does the same).
  std::int32_t spread(std::int32_t scalar, const Shape& shape) {
    const auto [entry, fresh] = spread_.try_emplace({scalar, shape}, -1);
    if (fresh) entry->second = graph_.broadcast(scalar, shape, kNoDims);
    return entry->second;
  }

  Graph& graph_;
  std::map<std::pair<std::int32_t, Shape>, std::int32_t> spread_;
  std::int32_t clip_ = -1, rate_ = -1, decay_ = -1, epsilon_ = -1;
  std::int32_t first_ = -1, first_rest_ = -1, first_bias_ = -1;
  std::int32_t second_ = -1, second_rest_ = -1, second_bias_ = -1;
};

}  // namespace

OptimizerState declare_optimizer_state(Graph& graph, bool adam,
                                       const std::vector<std::int32_t>& weights) {
  OptimizerState state;
  if (!adam) return state;
  for (auto* moments : {&state.first_moment, &state.second_moment})
    for (const std::int32_t weight : weights)
      moments->push_back(graph.parameter(graph.shape(weight), /*trained=*/false,
                                         /*persistent=*/false));
  return state;
}

void append_updates(Graph& graph, bool adam, const std::vector<std::int32_t>& weights,
                    const std::vector<std::int32_t>& gradients, const OptimizerState& state) {
  Optimizer optimizer(graph);
  if (!adam) {
    for (const std::int32_t weight : weights) optimizer.descend(weight, gradients[weight]);
    return;
  }
  std::vector<std::int32_t> converted;
  converted.reserve(weights.size());
  for (const std::int32_t weight : weights)
    converted.push_back(optimizer.as_float(gradients[weight]));
  optimizer.measure_norm(converted);
  std::vector<AdamWeight> group;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    group.push_back({weights[i], converted[i], state.first_moment[i], state.second_moment[i]});
    if (group.size() < kGroup && i + 1 < weights.size()) continue;
    optimizer.adam(group);
    group.clear();
  }
}

}  // namespace warpshard::generator
