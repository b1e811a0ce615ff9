#include "host/portfolio/carry_over.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "host/portfolio/time_prices.h"

namespace warpshard {
namespace {

/// A core's variables and edges by the nodes that they stand for.
class Named {
 public:
  explicit Named(const Core& core) : model_(core.model), origin_(core.reducer.origin()) {}

  /// True if both ends stand for nodes; copies of variables do not.
  bool has_names(const Model::Edge& edge) const {
    return std::max(edge.u, edge.v) < std::ssize(origin_.nodes);
  }
  std::pair<std::int32_t, std::int32_t> name(const Model::Edge& edge) const {
    return {origin_.nodes[edge.u], origin_.nodes[edge.v]};
  }
  std::span<const std::int32_t> strategies(std::int32_t variable) const {
    return {origin_.strategies.data() + model_.value_offsets[variable],
            static_cast<std::size_t>(model_.domain(variable))};
  }

 private:
  const Model& model_;
  ModelOrigin origin_;
};

std::size_t message_entries(const Model& model, const Model::Edge& edge) {
  return static_cast<std::size_t>(model.domain(edge.u)) + model.domain(edge.v);
}

/// Appends the entries of the strategies that are left; what is new gets zero.
void carry_message(std::span<const std::int32_t> old_strategies, const float* message,
                   std::span<const std::int32_t> strategies, std::vector<float>& messages) {
  for (const std::int32_t strategy : strategies) {
    const auto at = std::ranges::find(old_strategies, strategy) - old_strategies.begin();
    messages.push_back(at < std::ssize(old_strategies) ? message[at] : 0.0F);
  }
}

std::vector<float> carried_messages(const Core& from, std::span<const float> messages,
                                    const Core& to) {
  const Named old_names(from);
  const Named names(to);
  struct Old {
    const Model::Edge* edge;
    const float* messages;
  };
  std::map<std::pair<std::int32_t, std::int32_t>, Old> old_edges;
  const float* at = messages.data();
  for (const auto& edge : from.model.edges) {
    if (old_names.has_names(edge))
      old_edges.emplace_hint(old_edges.end(), old_names.name(edge), Old{&edge, at});
    at += message_entries(from.model, edge);
  }
  std::vector<float> carried;
  for (const auto& edge : to.model.edges) {
    const std::size_t end = carried.size() + message_entries(to.model, edge);
    const auto found = names.has_names(edge) ? old_edges.find(names.name(edge)) : old_edges.end();
    if (found != old_edges.end()) {
      const auto& [old, message] = found->second;
      carry_message(old_names.strategies(old->u), message, names.strategies(edge.u), carried);
      carry_message(old_names.strategies(old->v), message + from.model.domain(old->u),
                    names.strategies(edge.v), carried);
    }
    carried.resize(end, 0.0F);
  }
  return carried;
}

}  // namespace

WarmStart carried_over(const Core& from, const WarmStart& start, const Core& to) {
  WarmStart carried = start;
  carried.state.prices = prices_at_times(to, prices_of(from, start.state));
  for (float& price : carried.state.prices) price /= static_cast<float>(to.flat.usage_quantum);
  carried.state.messages = carried_messages(from, start.state.messages, to);
  return carried;
}

}  // namespace warpshard
