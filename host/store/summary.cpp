#include "host/store/summary.h"

#include <algorithm>

#include "warpshard/solve.h"

namespace warpshard::store {

std::optional<double> Summary::gap() const {
  if (!cost || !bound) return std::nullopt;
  return relative_gap(*cost, *bound);
}

Summary summarize(const std::vector<ReadRecord>& records) {
  Summary summary;
  for (const auto& [path, record] : records) {
    ++summary.attempts;
    summary.seconds += record.seconds;
    summary.infeasible |= record.status == to_string(SolverStatus::kInfeasible);
    if (record.plan && (!summary.cost || record.plan->cost < *summary.cost))
      summary.cost = record.plan->cost;
    if (record.time < summary.last && !summary.exact.empty()) continue;
    summary.last = record.time;
    summary.exact = record.exact;
    summary.shape = record.shape;
    summary.name = record.name;
    summary.file = record.file;
    summary.nodes = record.nodes;
    summary.edges = record.edges;
    summary.usage_limit = record.usage_limit;
  }
  for (const auto& [path, record] : records)
    if (record.bound && (!summary.cost || record.bound->value <= *summary.cost))
      summary.bound = std::max(summary.bound, std::optional(record.bound->value));
  return summary;
}

}  // namespace warpshard::store
