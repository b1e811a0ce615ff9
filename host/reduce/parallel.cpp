#include "host/reduce/steps.h"

namespace warpshard::reduce {

bool merge_parallel(State& state, StopGlance& stop) {
  bool changed = false;
  std::vector<std::int32_t> link_to(state.variables.size(), kNone);
  std::vector<std::int32_t> seen;
  while (!state.crowded_variables.empty() && !stop.stopped()) {
    const std::int32_t v = state.crowded_variables.pop();
    if (!state.variables[v].alive || state.variables[v].degree < 2) continue;
    seen.clear();
    state.for_each_link(v, [&](std::int32_t id) {
      const Link link = state.links[id];
      const std::int32_t other = link.other(v);
      const std::int32_t first = link_to[other];
      if (first == kNone) {
        link_to[other] = id;
        seen.push_back(other);
        return;
      }
      const std::int32_t sum =
          state.tables.sum(state.table_from(v, state.links[first]), state.table_from(v, link));
      if (sum == kNone) return;  // would count as forbidden twice: they stay apart
      state.remove_link(id);
      state.links[first].u = v;
      state.links[first].v = other;
      state.set_table(first, sum);
      changed = true;
    });
    for (const std::int32_t other : seen) link_to[other] = kNone;
  }
  return changed;
}

}  // namespace warpshard::reduce
