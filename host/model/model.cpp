#include "host/model/model.h"

namespace warpshard {

Cost cost_of(const Model& model, std::span<const std::int32_t> assignment) {
  Cost cost = model.constant;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    cost += cost_of_entry(model.unary_of(v)[assignment[v]]);
  for (const auto& edge : model.edges) {
    const std::int64_t row = assignment[edge.u];
    cost += cost_of_entry(model.table_of(edge)[row * model.domain(edge.v) + assignment[edge.v]]);
  }
  return cost;
}

std::vector<std::int64_t> usage_of(const Model& model, std::span<const std::int32_t> assignment) {
  std::vector<std::int64_t> usage(model.capacity.size() + 1, 0);
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    for (const auto& segment : model.segments_of(v)) {
      const std::int64_t amount = model.usage_of(v, segment)[assignment[v]];
      usage[segment.begin] += amount;
      usage[segment.end] -= amount;
    }
  }
  for (std::size_t t = 1; t < usage.size(); ++t) usage[t] += usage[t - 1];
  usage.pop_back();
  return usage;
}

bool fits(const Model& model, std::span<const std::int32_t> assignment) {
  const auto usage = usage_of(model, assignment);
  for (std::size_t t = 0; t < usage.size(); ++t)
    if (usage[t] > model.capacity[t]) return false;
  return true;
}

}  // namespace warpshard
