#include "host/generate/liveness.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace warpshard::generator {

std::vector<Interval> live_intervals(const Graph& graph) {
  std::vector<Interval> intervals(static_cast<std::size_t>(graph.size()));
  std::int64_t now = 0;
  for (std::int32_t id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    const bool own_step = node.buffer == id;  // an in-place update is part of the step before
    if (node.kind != OpKind::kAlias)
      for (const Operand& operand : node.operands) {
        Interval& read = intervals[graph[operand.node].buffer];
        read.upper = std::max(read.upper, own_step ? now + 1 : now);
      }
    if (!own_step) continue;
    const bool input = node.kind == OpKind::kParameter;
    intervals[id] = {input ? 0 : now, now + 1};
    if (!input) ++now;
  }
  const std::int64_t end = std::max<std::int64_t>(now, 1);
  for (std::int32_t id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    if (node.is_result || node.persistent) intervals[node.buffer].upper = end;
    if (node.persistent) intervals[id].lower = 0;
  }
  return intervals;
}

}  // namespace warpshard::generator
