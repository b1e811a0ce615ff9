#include "host/cli/cost_shares.h"

namespace warpshard::cli {

CostShares cost_shares(const Problem& problem, const Plan& plan) {
  CostShares shares;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    shares.nodes += Cost::of_entry(problem.node_costs(node)[plan[node]]);
  for (std::int64_t edge = 0; edge < problem.num_edges(); ++edge)
    shares.edges += Cost::of_entry(problem.entry_of_edge(edge, plan));
  return shares;
}

}  // namespace warpshard::cli
