#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "host/model/stop_token.h"
#include "host/reduce/build.h"
#include "warpshard/problem.h"

namespace warpshard::testing {

/// For steps that run to their end.
inline StopGlance& never() {
  static StopGlance glance{StopToken{}};
  return glance;
}

/// Puts an instance together by hand.
class SmallProblem {
 public:
  /// A node with these costs per strategy and, live over [lower, upper), these usages.
  SmallProblem& node(const std::vector<std::int64_t>& costs, std::vector<std::int64_t> usages = {},
                     Interval interval = {0, 0}) {
    usages.resize(costs.size(), 0);
    problem_.costs.insert(problem_.costs.end(), costs.begin(), costs.end());
    problem_.usages.insert(problem_.usages.end(), usages.begin(), usages.end());
    problem_.strategy_offsets.push_back(static_cast<std::int64_t>(problem_.costs.size()));
    problem_.intervals.push_back(interval);
    return *this;
  }

  /// An edge; `table` is row-major over the ends' strategies.
  SmallProblem& edge(const std::vector<std::int32_t>& ends,
                     const std::vector<std::int64_t>& table) {
    problem_.edge_tables.push_back(static_cast<std::int32_t>(problem_.table_offsets.size()) - 1);
    problem_.entries.insert(problem_.entries.end(), table.begin(), table.end());
    problem_.table_offsets.push_back(static_cast<std::int64_t>(problem_.entries.size()));
    problem_.edge_nodes.insert(problem_.edge_nodes.end(), ends.begin(), ends.end());
    problem_.edge_offsets.push_back(static_cast<std::int64_t>(problem_.edge_nodes.size()));
    return *this;
  }

  SmallProblem& limit(std::int64_t usage_limit) {
    problem_.usage_limit = usage_limit;
    return *this;
  }

  const Problem& problem() const { return problem_; }
  reduce::State state(bool hard = true) const {
    return std::move(reduce::build_state(problem_, hard).value());
  }

 private:
  Problem problem_;
};

}  // namespace warpshard::testing
