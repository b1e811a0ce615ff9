#include "host/verify/rewriting.h"

#include <algorithm>
#include <limits>

namespace warpshard::verify {
namespace {

/// Time points at which an interval begins and right after which one ends: usage is greatest at one
/// of these.
std::vector<std::int64_t> peaks(const std::vector<Interval>& intervals) {
  std::vector<std::int64_t> begins;
  std::vector<std::int64_t> ends;
  for (const Interval& interval : intervals) {
    if (interval.empty()) continue;
    begins.push_back(interval.lower);
    ends.push_back(interval.upper);
  }
  std::ranges::sort(begins);
  std::ranges::sort(ends);
  begins.erase(std::unique(begins.begin(), begins.end()), begins.end());
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    // Some interval ends after this begin and no later than the next.
    const auto end = std::ranges::upper_bound(ends, begins[i]);
    if (i + 1 == begins.size() || *end <= begins[i + 1]) result.push_back(begins[i]);
  }
  return result;
}

/// No sum of usages exceeds 2^62.
bool usages_fit(const Problem& problem) {
  Int128 most = 0;
  for (std::int32_t v = 0; v < problem.num_nodes(); ++v) {
    const auto usages = problem.node_usages(v);
    if (!usages.empty()) most += *std::ranges::max_element(usages);
  }
  return most < Int128{1} << 62;
}

}  // namespace

Result<Rewriting> Rewriting::create(const Problem& problem) {
  Rewriting result(problem);
  if (auto error = result.read()) return *error;
  if (result.failed()) return Error{result.failure_};
  return result;
}

std::optional<Error> Rewriting::read() {
  if (!usages_fit(problem_)) return Error{"usages are too large to be checked"};
  variables_.resize(static_cast<std::size_t>(problem_.num_nodes()));
  for (std::int32_t v = 0; v < num_nodes(); ++v) {
    const auto costs = problem_.node_costs(v);
    Variable& variable = variables_[v];
    variable.unary.assign(costs.begin(), costs.end());
    for (std::int32_t a = 0; a < strategies(v); ++a) variable.values.push_back(a);
  }
  if (problem_.usage_limit) read_memory();
  tables_.resize(problem_.table_offsets.size() - 1);
  for (std::int64_t edge = 0; edge < problem_.num_edges(); ++edge)
    if (auto error = read_edge(edge)) return error;
  for (Variable& variable : variables_) {
    std::erase_if(variable.values, [&](std::int32_t a) { return is_forbidden(variable.unary[a]); });
    emptied_ |= variable.values.empty();
  }
  return std::nullopt;
}

void Rewriting::read_memory() {
  const auto times = peaks(problem_.intervals);
  reserved_.assign(times.size(), 0);
  for (std::int32_t v = 0; v < num_nodes(); ++v) {
    const Interval& interval = problem_.intervals[v];
    if (interval.empty()) continue;
    const auto usages = problem_.node_usages(v);
    const auto begin = std::ranges::lower_bound(times, interval.lower) - times.begin();
    const auto end = std::ranges::lower_bound(times, interval.upper) - times.begin();
    variables_[v].pieces.push_back({static_cast<std::int32_t>(begin),
                                    static_cast<std::int32_t>(end),
                                    {usages.begin(), usages.end()}});
  }
}

std::optional<Error> Rewriting::read_edge(std::int64_t edge) {
  const auto nodes = problem_.nodes_of_edge(edge);
  const std::int32_t table = problem_.edge_tables[edge];
  const auto entries = problem_.table_of_edge(edge);
  if (nodes.size() == 2 && nodes[0] != nodes[1]) {
    const std::int32_t columns = strategies(nodes[1]);
    TablePointer& known = tables_[table];
    if (!known || known->columns != columns)
      known = std::make_shared<const Table>(Table{columns, entries, {}});
    add_edge(nodes[0], nodes[1], known);
    return std::nullopt;
  }
  std::vector<std::int32_t> ends;  // distinct, of several strategies
  for (const std::int32_t node : nodes)
    if (strategies(node) > 1 && std::ranges::find(ends, node) == ends.end()) ends.push_back(node);
  if (ends.size() > 2)
    return Error{"edge " + std::to_string(edge) +
                 " joins more than two nodes of several strategies"};
  // One list per value of the first end, by the second's.
  const std::int32_t rows = ends.empty() ? 1 : strategies(ends[0]);
  const std::int32_t columns = ends.size() < 2 ? 1 : strategies(ends[1]);
  std::vector<std::int64_t> costs;
  for (std::int32_t a = 0; a < rows; ++a) {
    for (std::int32_t b = 0; b < columns; ++b) {
      std::int64_t at = 0;
      for (const std::int32_t node : nodes) {
        const std::int32_t value = strategies(node) == 1 ? 0 : node == ends[0] ? a : b;
        at = at * strategies(node) + value;
      }
      costs.push_back(entries[at]);
    }
  }
  if (ends.size() == 2) {
    add_edge(ends[0], ends[1], std::move(costs));
  } else if (ends.size() == 1) {
    add_unary(ends[0], costs);
  } else if (is_forbidden(costs[0])) {
    emptied_ = true;
  } else {
    constant_ += costs[0];
  }
  return std::nullopt;
}

}  // namespace warpshard::verify
