#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "host/io/failure.h"
#include "host/io/make_room.h"
#include "host/io/problem_checks.h"
#include "host/io/table_interner.h"
#include "warpshard/builder.h"

namespace warpshard {
namespace {

constexpr std::size_t kMostNodes = std::numeric_limits<std::int32_t>::max() - 1;
constexpr std::size_t kMostTables = std::numeric_limits<std::int32_t>::max();

std::span<const std::int64_t> part_of(std::span<const std::int64_t> values,
                                      std::span<const std::int64_t> offsets, std::size_t index) {
  return values.subspan(static_cast<std::size_t>(offsets[index]),
                        static_cast<std::size_t>(offsets[index + 1] - offsets[index]));
}

template <typename T>
void append(std::vector<T>& values, std::span<const T> more) {
  values.insert(values.end(), more.begin(), more.end());
}

/// Sees EdgeArrays as one list of nodes and one table per edge, whichever form they have.
class EdgeList {
 public:
  explicit EdgeList(const EdgeArrays& arrays) : arrays_(arrays) {}

  std::size_t num_tables() const {
    return arrays_.table_offsets.empty() ? 0 : arrays_.table_offsets.size() - 1;
  }
  std::size_t size() const { return arrays_.tables.empty() ? num_tables() : arrays_.tables.size(); }
  std::span<const std::int32_t> nodes(std::size_t edge) const {
    if (arrays_.end_offsets.empty()) return arrays_.nodes.subspan(2 * edge, 2);
    const auto begin = static_cast<std::size_t>(arrays_.end_offsets[edge]);
    return arrays_.nodes.subspan(begin,
                                 static_cast<std::size_t>(arrays_.end_offsets[edge + 1]) - begin);
  }
  std::int64_t table(std::size_t edge) const {
    return arrays_.tables.empty() ? static_cast<std::int64_t>(edge) : arrays_.tables[edge];
  }
  std::span<const std::int64_t> entries(std::size_t table) const {
    return part_of(arrays_.entries, arrays_.table_offsets, table);
  }

  /// What the accessors above rely on.
  std::optional<Error> check() const {
    if (!arrays_.table_offsets.empty() || !arrays_.entries.empty())
      if (auto error = io::check_offsets("edges.table_offsets", arrays_.table_offsets, num_tables(),
                                         arrays_.entries.size()))
        return error;
    for (std::size_t edge = 0; edge < size(); ++edge)
      if (table(edge) < 0 || static_cast<std::size_t>(table(edge)) >= num_tables())
        return Error{io::at("edges.tables", static_cast<std::int64_t>(edge)) + ": table " +
                     std::to_string(table(edge)) + " is not in [0, " +
                     std::to_string(num_tables()) + ")"};
    if (!arrays_.end_offsets.empty())
      return io::check_offsets("edges.end_offsets", arrays_.end_offsets, size(),
                               arrays_.nodes.size());
    if (arrays_.nodes.size() != 2 * size())
      return Error{"edges.nodes: " +
                   io::count_of(arrays_.nodes.size(), std::to_string(2 * size()))};
    return std::nullopt;
  }

 private:
  const EdgeArrays& arrays_;
};

}  // namespace

struct ProblemBuilder::State {
  Problem problem;
  TableInterner tables{problem};
  std::optional<Error> error;

  /// True, and the error is kept, if there is one; true as well if there was one before.
  bool refuse(std::optional<Error> found) {
    if (!error) error = std::move(found);
    return error.has_value();
  }

  std::optional<Error> check_nodes(const NodeArrays& nodes) const {
    if (auto wrong = io::check_offsets("nodes.strategy_offsets", nodes.strategy_offsets,
                                       nodes.intervals.size(), nodes.costs.size()))
      return wrong;
    if (nodes.usages.size() != nodes.costs.size())
      return Error{"nodes.usages: " +
                   io::count_of(nodes.usages.size(), std::to_string(nodes.costs.size()))};
    if (nodes.intervals.size() > kMostNodes - problem.intervals.size())
      return Error{"problem.nodes.intervals: more than 2^31 - 2 nodes"};
    for (std::size_t node = 0; node < nodes.intervals.size(); ++node)
      if (auto wrong = io::check_node(static_cast<std::int64_t>(problem.intervals.size() + node),
                                      part_of(nodes.costs, nodes.strategy_offsets, node),
                                      part_of(nodes.usages, nodes.strategy_offsets, node)))
        return wrong;
    return std::nullopt;
  }

  std::optional<Error> check_edges(const EdgeList& edges) const {
    if (auto wrong = edges.check()) return wrong;
    if (edges.size() > kMostTables - problem.edge_tables.size())
      return Error{"problem.edges.costs: more than 2^31 - 1 edges"};
    for (std::size_t edge = 0; edge < edges.size(); ++edge)
      if (auto wrong = io::check_edge(
              problem, problem.num_edges() + static_cast<std::int64_t>(edge), edges.nodes(edge),
              edges.entries(static_cast<std::size_t>(edges.table(edge))).size()))
        return wrong;
    return std::nullopt;
  }

  /// Whatever may run out of memory comes first: all are appended, or none is.
  void append_nodes(const NodeArrays& nodes) {
    io::make_room(problem.costs, nodes.costs.size());
    io::make_room(problem.usages, nodes.usages.size());
    io::make_room(problem.strategy_offsets, nodes.intervals.size());
    io::make_room(problem.intervals, nodes.intervals.size());
    const auto base = static_cast<std::int64_t>(problem.costs.size());
    append(problem.costs, nodes.costs);
    append(problem.usages, nodes.usages);
    for (const std::int64_t end : nodes.strategy_offsets.subspan(1))
      problem.strategy_offsets.push_back(base + end);
    append(problem.intervals, nodes.intervals);
  }

  /// Likewise; at worst, tables that no edge reads are left.
  void append_edges(const EdgeList& edges) {
    // Of each table, its index in the problem; -1 until an edge reads it.
    std::vector<std::int32_t> interned(edges.num_tables(), -1);
    std::size_t ends = 0;
    for (std::size_t edge = 0; edge < edges.size(); ++edge) {
      const auto table = static_cast<std::size_t>(edges.table(edge));
      if (interned[table] < 0) interned[table] = tables.intern(edges.entries(table));
      ends += edges.nodes(edge).size();
    }
    io::make_room(problem.edge_nodes, ends);
    io::make_room(problem.edge_offsets, edges.size());
    io::make_room(problem.edge_tables, edges.size());
    for (std::size_t edge = 0; edge < edges.size(); ++edge) {
      append(problem.edge_nodes, edges.nodes(edge));
      problem.edge_offsets.push_back(static_cast<std::int64_t>(problem.edge_nodes.size()));
      problem.edge_tables.push_back(interned[static_cast<std::size_t>(edges.table(edge))]);
    }
  }
};

ProblemBuilder::ProblemBuilder() : state_(std::make_unique<State>()) {}
ProblemBuilder::~ProblemBuilder() = default;
ProblemBuilder::ProblemBuilder(ProblemBuilder&& other) noexcept = default;
ProblemBuilder& ProblemBuilder::operator=(ProblemBuilder&& other) noexcept = default;

void ProblemBuilder::set_name(std::string name) {
  state_->problem.name = std::move(name);
}

void ProblemBuilder::set_usage_limit(std::int64_t limit) {
  if (!state_->refuse(io::check_usage_limit(limit))) state_->problem.usage_limit = limit;
}

void ProblemBuilder::clear_usage_limit() {
  state_->problem.usage_limit.reset();
}

std::int32_t ProblemBuilder::add_node(Interval interval, std::span<const std::int64_t> costs,
                                      std::span<const std::int64_t> usages) {
  // Bulk arrays know one offset for both lists.
  if (state_->refuse(io::check_node(num_nodes(), costs, usages))) return -1;
  const std::int64_t offsets[] = {0, static_cast<std::int64_t>(costs.size())};
  return add_nodes({{&interval, 1}, offsets, costs, usages});
}

std::int32_t ProblemBuilder::add_nodes(const NodeArrays& nodes) {
  if (state_->refuse(state_->check_nodes(nodes))) return -1;
  const std::int32_t first = num_nodes();
  state_->append_nodes(nodes);
  return first;
}

std::int64_t ProblemBuilder::add_edge(std::span<const std::int32_t> nodes,
                                      std::span<const std::int64_t> table) {
  const std::int64_t ends[] = {0, static_cast<std::int64_t>(nodes.size())};
  const std::int64_t entries[] = {0, static_cast<std::int64_t>(table.size())};
  return add_edges({nodes, ends, {}, entries, table});
}

std::int64_t ProblemBuilder::add_edges(const EdgeArrays& edges) {
  const EdgeList list(edges);
  if (state_->refuse(state_->check_edges(list))) return -1;
  const std::int64_t first = num_edges();
  state_->append_edges(list);
  return first;
}

std::int32_t ProblemBuilder::num_nodes() const {
  return state_->problem.num_nodes();
}

std::int64_t ProblemBuilder::num_edges() const {
  return state_->problem.num_edges();
}

std::int32_t ProblemBuilder::num_strategies(std::int32_t node) const {
  return node < 0 || node >= num_nodes() ? -1 : state_->problem.num_strategies(node);
}

std::optional<Error> ProblemBuilder::take_error() {
  return std::exchange(state_->error, std::nullopt);
}

Result<Problem> ProblemBuilder::build() {
  const std::unique_ptr<State> done = std::exchange(state_, std::make_unique<State>());
  if (done->error) return *std::move(done->error);
  if (done->problem.num_nodes() == 0)
    return Error{"problem.nodes.costs: " + io::count_of(0, "at least 1")};
  return std::move(done->problem);
}

}  // namespace warpshard
