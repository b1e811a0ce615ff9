#include "host/reduce/build.h"

#include <algorithm>

#include "host/model/parallel_for.h"
#include "host/reduce/entry_range.h"

namespace warpshard::reduce {

namespace {

constexpr Int128 kMaxUsageSum = Int128{1} << 62;

/// Time points at which an interval starts and right after which one ends: usage is greatest at
/// one of these. Times are as in the instance, in order.
std::vector<std::int64_t> maximal_times(const std::vector<Interval>& intervals) {
  struct End {
    std::int64_t time;
    bool starts;
  };
  std::vector<End> ends;
  for (const Interval& interval : intervals) {
    if (interval.empty()) continue;
    ends.push_back({interval.lower, true});
    ends.push_back({interval.upper, false});
  }
  // At equal times ends come first: intervals are half-open.
  std::ranges::sort(ends, [](const End& a, const End& b) {
    return a.time != b.time ? a.time < b.time : a.starts < b.starts;
  });
  std::vector<std::int64_t> times;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i)
    if (ends[i].starts && !ends[i + 1].starts) times.push_back(ends[i].time);
  return times;
}

class Builder {
 public:
  Builder(const Problem& problem, bool hard, int threads, const StopToken& stop)
      : problem_(problem), stop_(stop), import_(hard, EntryImport::kAll) {
    state_.threads = threads;
    state_.hard = hard;
    state_.tables = TableStore(hard);
    state_.tables.reserve(problem.entries.size());
    state_.num_nodes = problem.num_nodes();
  }

  Result<State> build() {
    find_ranges();
    if (!state_.hard && spread_sum(import_) >= kForbiddenEntry) make_room();
    const Int128 sum = spread_sum(import_);
    if (sum >= kForbiddenEntry)
      return Error{"costs do not fit: greatest less least finite costs add up to " +
                   to_string(sum) + ", supported are less than " + to_string(kForbiddenEntry)};
    state_.range_sum = static_cast<std::int64_t>(sum);
    if (const Int128 usage = usage_sum(); usage >= kMaxUsageSum)
      return Error{"usages do not fit: the nodes' greatest usages add up to " + to_string(usage) +
                   ", supported are less than " + to_string(kMaxUsageSum)};
    add_variables();
    if (problem_.usage_limit) add_memory();
    state_.links.reserve(problem_.num_edges());
    for (std::int64_t edge = 0; edge < problem_.num_edges() && !stop_.stopped(); ++edge)
      if (!add_edge(edge)) return Error{error_};
    return std::move(state_);
  }

 private:
  void find_ranges() {
    node_ranges_.resize(problem_.num_nodes());
    for (std::int32_t node = 0; node < problem_.num_nodes() && !stop_.stopped(); ++node)
      node_ranges_[node] = range_of(problem_.node_costs(node));
    table_ranges_.resize(problem_.table_offsets.size() - 1);
    for (std::size_t table = 0; table < table_ranges_.size() && !stop_.stopped(); ++table)
      table_ranges_[table] =
          range_of({problem_.entries.data() + problem_.table_offsets[table],
                    problem_.entries.data() + problem_.table_offsets[table + 1]});
  }

  Int128 spread_sum(const EntryImport& import) const {
    Int128 sum = 0;
    for (const EntryRange& range : node_ranges_) sum += import.spread(range);
    for (const std::int32_t table : problem_.edge_tables)
      sum += import.spread(table_ranges_[table]);
    return sum;
  }

  /// Cuts forbidden entries' finite parts off where sums fit, if they do so at all.
  void make_room() {
    Int128 fits = 0;
    Int128 too_much = kForbiddenEntry;
    while (too_much - fits > 1) {
      const Int128 room = (fits + too_much) / 2;
      (spread_sum({state_.hard, room}) < kForbiddenEntry ? fits : too_much) = room;
    }
    import_ = EntryImport(state_.hard, fits);
    const auto raised = [&](const EntryRange& range) { return import_.raises(range); };
    state_.raised =
        std::ranges::any_of(node_ranges_, raised) || std::ranges::any_of(table_ranges_, raised);
  }

  Int128 usage_sum() const {
    Int128 sum = 0;
    for (std::int32_t node = 0; node < problem_.num_nodes(); ++node) {
      const auto usages = problem_.node_usages(node);
      if (!usages.empty()) sum += *std::ranges::max_element(usages);
    }
    return sum;
  }

  void add_variables() {
    const std::int32_t nodes = problem_.num_nodes();
    state_.variables.resize(nodes);
    state_.original_sizes.resize(nodes);
    kept_maps_.assign(nodes, kNone);
    state_.num_variables = nodes;
    for_nodes([this](std::int32_t node) { add_values(node); });
    for (std::int32_t node = 0; node < nodes && !stop_.stopped(); ++node) {
      const Variable& variable = state_.variables[node];
      state_.original_sizes[node] = problem_.num_strategies(node);
      state_.constant.finite += import_.floor(node_ranges_[node]);
      state_.num_values += variable.domain();
      if (variable.strategies.empty()) state_.emptied = true;
      if (variable.domain() < problem_.num_strategies(node))
        kept_maps_[node] = state_.tables.maps().intern(variable.strategies);
      state_.wake(node);
    }
  }

  /// The strategies that a node may take.
  void add_values(std::int32_t node) {
    const auto costs = problem_.node_costs(node);
    const std::int64_t floor = import_.floor(node_ranges_[node]);
    Variable& variable = state_.variables[node];
    variable.strategies.reserve(costs.size());
    variable.unary.reserve(costs.size());
    for (std::int32_t a = 0; a < static_cast<std::int32_t>(costs.size()); ++a) {
      if (state_.hard && is_forbidden(costs[a])) continue;
      variable.strategies.push_back(a);
      variable.unary.push_back(import_.entry(costs[a], floor));
    }
  }

  void add_memory() {
    state_.times = maximal_times(problem_.intervals);
    const auto count = static_cast<std::int32_t>(state_.times.size());
    // No usage is negative, so one limit below zero is as good as another.
    state_.capacity.assign(count, std::max<std::int64_t>(*problem_.usage_limit, -1));
    state_.drawn.assign(std::size_t{1} + count, 0);
    for_nodes([this](std::int32_t node) { add_usage(node); });
    for (std::int32_t node = 0; node < problem_.num_nodes(); ++node) {
      for (const auto& [begin, end] : state_.variables[node].pieces) {
        const std::int64_t least = *std::ranges::min_element(problem_.node_usages(node));
        state_.drawn[begin] += least;
        state_.drawn[end] -= least;
      }
    }
    state_.settle_capacity();
  }

  /// What a node's strategies use beyond the least of them.
  void add_usage(std::int32_t node) {
    const Interval& interval = problem_.intervals[node];
    const auto usages = problem_.node_usages(node);
    if (interval.empty() || usages.empty()) return;
    const auto at = [this](std::int64_t time) {
      return static_cast<std::int32_t>(std::ranges::lower_bound(state_.times, time) -
                                       state_.times.begin());
    };
    const std::int64_t least = *std::ranges::min_element(usages);
    Variable& variable = state_.variables[node];
    variable.pieces.push_back({at(interval.lower), at(interval.upper)});
    variable.usage.reserve(variable.strategies.size());
    for (const std::int32_t a : variable.strategies) variable.usage.push_back(usages[a] - least);
  }

  /// Calls visit(node) for each node, on all threads.
  template <typename Visit>
  void for_nodes(const Visit& visit) {
    constexpr std::size_t kNodesPerBlock = 512;
    parallel_for(state_.threads, static_cast<std::size_t>(problem_.num_nodes()), kNodesPerBlock,
                 stop_.token(), [&](std::size_t begin, std::size_t end) {
                   for (std::size_t node = begin; node < end; ++node)
                     visit(static_cast<std::int32_t>(node));
                 });
  }

  bool add_edge(std::int64_t edge) {
    const auto nodes = problem_.nodes_of_edge(edge);
    const std::int64_t floor = import_.floor(table_ranges_[problem_.edge_tables[edge]]);
    state_.constant.finite += floor;
    if (nodes.size() == 2 && nodes[0] != nodes[1]) {
      link(nodes[0], nodes[1], imported(problem_.edge_tables[edge], nodes[0], nodes[1]));
      return true;
    }
    std::vector<std::int32_t> distinct(nodes.begin(), nodes.end());
    std::ranges::sort(distinct);
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    // A node of one strategy has nothing to choose.
    if (distinct.size() > 2)
      std::erase_if(distinct, [&](auto node) { return problem_.num_strategies(node) == 1; });
    if (distinct.empty()) distinct = {nodes.front()};
    if (distinct.size() > 2) {
      error_ = "edge " + std::to_string(edge) + " joins " + std::to_string(distinct.size()) +
               " nodes of several strategies; edges of at most two can be solved";
      return false;
    }
    add_repeating_edge(edge, distinct, floor);
    return true;
  }

  /// An edge of one node, or one that lists a node more than once, reads a diagonal of its table.
  /// `distinct` holds one or two of its nodes; the others have one strategy each.
  void add_repeating_edge(std::int64_t edge, const std::vector<std::int32_t>& distinct,
                          std::int64_t floor) {
    std::int64_t strides[2] = {0, 0};
    std::int64_t stride = 1;
    const auto nodes = problem_.nodes_of_edge(edge);
    for (std::size_t i = nodes.size(); i-- > 0;) {
      for (std::size_t k = 0; k < distinct.size(); ++k)
        if (nodes[i] == distinct[k]) strides[k] += stride;
      stride *= problem_.num_strategies(nodes[i]);
    }
    const auto entries = problem_.table_of_edge(edge);
    const std::int32_t u = distinct.front();
    const std::int32_t v = distinct.size() == 2 ? distinct.back() : kNone;
    const std::vector<std::int32_t> just_one{0};
    const auto& rows = state_.variables[u].strategies;
    const auto& columns = v == kNone ? just_one : state_.variables[v].strategies;
    std::vector<std::int64_t> costs;
    for (const std::int32_t a : rows)
      for (const std::int32_t b : columns)
        costs.push_back(import_.entry(entries[a * strides[0] + b * strides[1]], floor));
    if (v == kNone && state_.add_unary(u, costs)) return;
    const auto num_rows = static_cast<std::int32_t>(rows.size());
    const auto num_columns = static_cast<std::int32_t>(columns.size());
    const std::int32_t other = v == kNone ? state_.add_helper() : v;  // rows, columns may move
    state_.add_link(u, other, state_.tables.add(num_rows, num_columns, costs));
  }

  /// The table of an edge between two nodes, over the strategies that are left of them.
  std::int32_t imported(std::int32_t problem_table, std::int32_t u, std::int32_t v) {
    const std::int32_t rows = problem_.num_strategies(u);
    const std::int32_t* known = imported_.find(problem_table, rows, 0);
    std::int32_t table = kNone;
    if (known != nullptr) {
      table = *known;
    } else {
      const std::int64_t floor = import_.floor(table_ranges_[problem_table]);
      std::vector<std::int64_t> entries(
          problem_.entries.begin() + problem_.table_offsets[problem_table],
          problem_.entries.begin() + problem_.table_offsets[problem_table + 1]);
      for (std::int64_t& entry : entries) entry = import_.entry(entry, floor);
      table = state_.tables.add(rows, problem_.num_strategies(v), entries);
      imported_.insert(problem_table, rows, 0, table);
    }
    return state_.tables.gather(table, kept_maps_[u], kept_maps_[v]);
  }

  void link(std::int32_t u, std::int32_t v, std::int32_t table) { state_.add_link(u, v, table); }

  const Problem& problem_;
  StopGlance stop_;
  State state_;
  EntryImport import_;
  std::vector<EntryRange> node_ranges_;   ///< [nodes]
  std::vector<EntryRange> table_ranges_;  ///< [problem tables]
  std::vector<std::int32_t> kept_maps_;   ///< [nodes] strategies that are left, kNone if all are
  Memo imported_;                         ///< (problem table, rows) -> table
  std::string error_;
};

}  // namespace

Result<State> build_state(const Problem& problem, bool hard, int threads, const StopToken& stop) {
  return Builder(problem, hard, threads, stop).build();
}

}  // namespace warpshard::reduce
