#pragma once

#include <initializer_list>
#include <vector>

#include "host/io/table_interner.h"
#include "warpshard/cost.h"
#include "warpshard/problem.h"

namespace warpshard::test {

/// Puts problems together for tests of the store.
class Assembly {
 public:
  Assembly() = default;
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  Assembly& node(Interval interval, const std::vector<std::int64_t>& costs,
                 const std::vector<std::int64_t>& usages) {
    problem_.intervals.push_back(interval);
    problem_.costs.insert(problem_.costs.end(), costs.begin(), costs.end());
    problem_.usages.insert(problem_.usages.end(), usages.begin(), usages.end());
    problem_.strategy_offsets.push_back(static_cast<std::int64_t>(problem_.costs.size()));
    return *this;
  }
  Assembly& edge(std::initializer_list<std::int32_t> nodes,
                 const std::vector<std::int64_t>& table) {
    problem_.edge_nodes.insert(problem_.edge_nodes.end(), nodes);
    problem_.edge_offsets.push_back(static_cast<std::int64_t>(problem_.edge_nodes.size()));
    problem_.edge_tables.push_back(tables_.intern(table));
    return *this;
  }
  Assembly& limit(std::int64_t limit) {
    problem_.usage_limit = limit;
    return *this;
  }
  Problem problem() const { return problem_; }

 private:
  Problem problem_;
  TableInterner tables_{problem_};
};

/// Its cheapest plan within the limit is [0, 0, 2, 1, 0], at 445.
inline Problem small_problem() {
  return Assembly()
      .node({30, 70}, {15}, {10})
      .node({40, 70}, {55, 65}, {25, 25})
      .node({50, 120}, {25, 45, 35}, {15, 20, 15})
      .node({110, 140}, {85, 75}, {10, 10})
      .node({110, 150}, {95}, {15})
      .edge({0, 1}, {30, 40})
      .edge({0, 2}, {50, 10, 40})
      .edge({1, 3}, {90, 10, 20, 80})
      .edge({2, 4}, {60, 20, 30})
      .edge({3, 4}, {70, 60})
      .limit(50)
      .problem();
}

}  // namespace warpshard::test
