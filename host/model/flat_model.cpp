#include "host/model/flat_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "host/model/parallel_for.h"

namespace warpshard {
namespace {

/// Most quanta of a capacity: several times the capacity still fits in 32 bits.
constexpr std::int64_t kMostCapacity = std::int64_t{1} << 28;
/// Most quanta of one value's usage; more than any capacity, so what is cut off fits nowhere
/// anyway.
constexpr std::int64_t kMostUsage = 2 * kMostCapacity;
/// Most quanta that all variables together can use at a time point: whatever values they take,
/// headroom stays within 32 bits.
constexpr std::int64_t kMostTotal = std::int64_t{3} << 29;

constexpr std::uint32_t kEdgesBetweenLooks = 64;
/// Most that a variable pays for memory at the highest prices, in cost units: a tree block's scores
/// add up a few hundred of these, and still are below padding.
constexpr float kMostPaid = kPadCost / 1e5F;

/// Spread between the least and the greatest finite part.
double finite_range(std::span<const std::int64_t> entries) {
  double least = INFINITY;
  double greatest = -INFINITY;
  for (const std::int64_t entry : entries) {
    const auto part = static_cast<double>(finite_part(entry));
    least = std::min(least, part);
    greatest = std::max(greatest, part);
  }
  return greatest > least ? greatest - least : 0;
}

/// An entry in floats, beside the cost of a forbidden one.
float steering_cost(std::int64_t entry, float forbidden_cost) {
  const auto part = static_cast<float>(finite_part(entry));
  return forbids(entry) ? forbidden_cost + part : part;
}

/// A cost that outweighs anything one variable can save by a change of its own.
float forbidden_cost_of(const Model& model, StopGlance& stop) {
  std::vector<double> table_range(model.table_offsets.size() - 1, -1);
  std::vector<double> around(static_cast<std::size_t>(model.num_variables()), 0);
  for (const auto& edge : model.edges) {
    if (stop.stopped()) return 0;
    double& range = table_range[edge.table];
    if (range < 0) range = finite_range(model.table_of(edge));
    around[edge.u] += range;
    around[edge.v] += range;
  }
  double most = 1;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    most = std::max(most, around[v] + finite_range(model.unary_of(v)));
  return static_cast<float>(2 * most);
}

std::int64_t ceil_divide(std::int64_t amount, std::int64_t quantum) {
  return amount / quantum + (amount % quantum != 0 ? 1 : 0);
}

std::int32_t quantised(std::int64_t amount, std::int64_t quantum) {
  return static_cast<std::int32_t>(std::min(ceil_divide(amount, quantum), kMostUsage));
}

/// What all variables together can use at the worst time point, in quanta.
std::int64_t greatest_total(const Model& model, std::int64_t quantum) {
  std::vector<std::int64_t> change(model.capacity.size() + 1, 0);
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    for (const auto& segment : model.segments_of(v)) {
      const auto amount = quantised(std::ranges::max(model.usage_of(v, segment)), quantum);
      change[segment.begin] += amount;
      change[segment.end] -= amount;
    }
  }
  std::int64_t total = 0;
  std::int64_t greatest = 0;
  for (const std::int64_t amount : change) {
    total += amount;
    greatest = std::max(greatest, total);
  }
  return greatest;
}

/// The least power of two that keeps to the limits above. Usages are sizes of tensors, so most are
/// multiples of one, and rounding up loses little.
std::int64_t quantum_for(const Model& model) {
  std::int64_t quantum = 1;
  for (const std::int64_t amount : model.capacity)
    while (amount / quantum > kMostCapacity) quantum *= 2;
  while (greatest_total(model, quantum) > kMostTotal) quantum *= 2;
  return quantum;
}

/// Entries of a table, one row of `length` for each of `count` values.
std::int64_t table_entries(std::int32_t count, std::int32_t length) {
  return std::int64_t{count} * row_length(length);
}

/// The first place for a table of so many entries from `next` on: one that begins a cache line, or
/// two where it has as much, so that its rows lie in as few as they can.
std::int64_t table_start(std::int64_t next, std::int64_t entries) {
  constexpr std::int64_t kLine = 64 / sizeof(float);
  const std::int64_t step = entries > kLine ? 2 * kLine : kLine;
  return (next + step - 1) / step * step;
}

/// Kernels count entries in 32 bits.
void refuse_large_tables(const Model& model) {
  std::vector<bool> counted(model.table_offsets.size() - 1, false);
  std::int64_t entries = 0;
  for (const auto& edge : model.edges) {
    if (counted[edge.table]) continue;
    counted[edge.table] = true;
    const std::int32_t du = model.domain(edge.u);
    const std::int32_t dv = model.domain(edge.v);
    for (const std::int64_t table : {table_entries(du, dv), table_entries(dv, du)})
      entries = table_start(entries, table) + table;
    if (entries > std::numeric_limits<std::int32_t>::max())
      throw std::length_error("the edges' tables have more than 2^31 entries");
  }
}

}  // namespace

/// Where a table's rows start in both orientations, by u's value and by v's value, and an edge that
/// has it.
struct FlatModel::PlacedTable {
  std::int32_t edge = 0;
  std::uint32_t by_u = 0;
  std::uint32_t by_v = 0;

  std::size_t end(const Model& model) const {
    const auto& [u, v, table] = model.edges[edge];
    return by_v + static_cast<std::size_t>(table_entries(model.domain(v), model.domain(u)));
  }
};

/// Each table once, in the order in which edges name them.
std::vector<FlatModel::PlacedTable> FlatModel::place_tables(const Model& model) {
  std::vector<PlacedTable> placed;
  std::vector<bool> done(model.table_offsets.size() - 1, false);
  std::int64_t next = 0;
  for (std::size_t e = 0; e < model.edges.size(); ++e) {
    const auto& edge = model.edges[e];
    if (done[edge.table]) continue;
    done[edge.table] = true;
    const std::int32_t du = model.domain(edge.u);
    const std::int32_t dv = model.domain(edge.v);
    const std::int64_t by_u = table_start(next, table_entries(du, dv));
    const std::int64_t by_v = table_start(by_u + table_entries(du, dv), table_entries(dv, du));
    placed.push_back({static_cast<std::int32_t>(e), static_cast<std::uint32_t>(by_u),
                      static_cast<std::uint32_t>(by_v)});
    next = by_v + table_entries(dv, du);
  }
  return placed;
}

FlatModel::FlatModel(const Model& model, const StopToken& stop, int threads) {
  refuse_large_tables(model);
  StopGlance glance(stop, kEdgesBetweenLooks);
  forbidden_cost = forbidden_cost_of(model, glance);
  add_rows(model);
  add_tables(model, glance, threads);
  add_memory(model);
  if (!stop.stopped()) price_ceiling = find_price_ceiling();
}

void FlatModel::add_rows(const Model& model) {
  const std::int32_t n = model.num_variables();
  domains.reserve(n);
  row_offsets.reserve(static_cast<std::size_t>(n) + 1);
  row_offsets.push_back(0);
  for (std::int32_t v = 0; v < n; ++v) {
    const std::int32_t domain = model.domain(v);
    domains.push_back(domain);
    row_offsets.push_back(row_offsets.back() + row_length(domain));
    max_stride = std::max(max_stride, row_length(domain));
    for (const std::int64_t cost : model.unary_of(v)) {
      exact_unary.push_back(cost);
      unary.push_back(steering_cost(cost, forbidden_cost));
    }
    exact_unary.resize(row_offsets.back(), 0);
    unary.resize(row_offsets.back(), kPadCost);
  }
}

void FlatModel::add_tables(const Model& model, StopGlance& stop, int threads) {
  const std::vector<PlacedTable> placed = place_tables(model);
  const std::size_t size = placed.empty() ? 0 : placed.back().end(model);
  // A row at the end, and before it as much as is read beyond a table by taking kRowPad of its rows
  // at a time.
  const std::size_t with_zeros = size + static_cast<std::size_t>(max_stride) * kRowPad;
  grow(tables, with_zeros, stop.token());
  grow(exact_tables, with_zeros, stop.token());
  constexpr std::size_t kTablesPerBlock = 64;
  const std::size_t to_fill = exact_tables.size() == with_zeros ? placed.size() : 0;
  parallel_for(threads, to_fill, kTablesPerBlock, stop.token(),
               [&](std::size_t begin, std::size_t end) {
                 for (std::size_t k = begin; k < end; ++k) fill_table(model, placed[k]);
               });

  std::vector<PlacedTable> by_table(model.table_offsets.size() - 1);
  for (const PlacedTable& table : placed) by_table[model.edges[table.edge].table] = table;
  const std::int32_t n = model.num_variables();
  arc_offsets.assign(static_cast<std::size_t>(n) + 1, 0);
  for (const auto& edge : model.edges) {
    ++arc_offsets[edge.u + 1];
    ++arc_offsets[edge.v + 1];
  }
  for (std::int32_t v = 0; v < n; ++v) arc_offsets[v + 1] += arc_offsets[v];
  arcs.resize(static_cast<std::size_t>(arc_offsets[n]));
  std::vector<std::int32_t> next(arc_offsets.begin(), arc_offsets.end() - 1);
  for (const auto& edge : model.edges) {
    if (stop.stopped()) return;
    const std::int32_t at_u = next[edge.u]++;
    const std::int32_t at_v = next[edge.v]++;
    arcs[at_u] = Arc{edge.v, by_table[edge.table].by_v, row_length(model.domain(edge.u)), at_v};
    arcs[at_v] = Arc{edge.u, by_table[edge.table].by_u, row_length(model.domain(edge.v)), at_u};
  }
  std::vector<std::int32_t> met_by(static_cast<std::size_t>(n), -1);
  for (std::int32_t v = 0; v < n; ++v)
    for (std::int32_t a = arc_offsets[v]; a < arc_offsets[v + 1]; ++a)
      if (std::exchange(met_by[arcs[a].neighbour], v) == v) parallel_edges = true;
}

void FlatModel::fill_table(const Model& model, const PlacedTable& placed) {
  const auto& edge = model.edges[placed.edge];
  const auto entries = model.table_of(edge);
  const std::int32_t du = model.domain(edge.u);
  const std::int32_t dv = model.domain(edge.v);
  for (std::int32_t a = 0; a < du; ++a) {
    for (std::int32_t b = 0; b < dv; ++b) {
      const std::int64_t entry = entries[std::int64_t{a} * dv + b];
      const float steering = steering_cost(entry, forbidden_cost);
      const std::size_t by_u = placed.by_u + static_cast<std::size_t>(a) * row_length(dv) + b;
      const std::size_t by_v = placed.by_v + static_cast<std::size_t>(b) * row_length(du) + a;
      exact_tables[by_u] = exact_tables[by_v] = entry;
      tables[by_u] = tables[by_v] = steering;
    }
  }
}

void FlatModel::add_memory(const Model& model) {
  usage_quantum = quantum_for(model);
  for (const std::int64_t amount : model.capacity)
    capacity.push_back(static_cast<std::int32_t>(amount / usage_quantum));
  segments.reserve(model.segments.size());
  usage.reserve(model.segment_usage.size());
  segment_offsets.push_back(0);
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    for (const auto& segment : model.segments_of(v)) {
      const auto row = static_cast<std::uint32_t>(usage.size());
      segments.push_back(UsageSegment{segment.begin, segment.end, row});
      for (const std::int64_t amount : model.usage_of(v, segment))
        usage.push_back(quantised(amount, usage_quantum));
      usage.resize(row + static_cast<std::size_t>(row_length(model.domain(v))), 0);
    }
    segment_offsets.push_back(static_cast<std::int32_t>(segments.size()));
  }
}

float FlatModel::find_price_ceiling() const {
  std::int64_t most = 1;
  for (std::size_t v = 0; v < domains.size(); ++v) {
    for (std::int32_t d = 0; d < domains[v]; ++d) {
      std::int64_t total = 0;
      for (std::int32_t s = segment_offsets[v]; s < segment_offsets[v + 1]; ++s)
        total += std::int64_t{usage[segments[s].row + d]} * (segments[s].end - segments[s].begin);
      most = std::max(most, total);
    }
  }
  return std::min(forbidden_cost, kMostPaid / static_cast<float>(most));
}

ModelView FlatModel::view() const {
  ModelView view;
  view.num_variables = static_cast<std::int32_t>(domains.size());
  view.num_times = static_cast<std::int32_t>(capacity.size());
  view.max_stride = max_stride;
  view.parallel_edges = parallel_edges;
  view.forbidden_cost = forbidden_cost;
  view.price_ceiling = price_ceiling;
  view.domains = domains.data();
  view.row_offsets = row_offsets.data();
  view.unary = unary.data();
  view.exact_unary = exact_unary.data();
  view.arc_offsets = arc_offsets.data();
  view.arcs = arcs.data();
  view.tables = tables.data();
  view.zeros = static_cast<std::uint32_t>(tables.size()) - static_cast<std::uint32_t>(max_stride);
  view.exact_tables = exact_tables.data();
  view.segment_offsets = segment_offsets.data();
  view.segments = segments.data();
  view.usage = usage.data();
  view.capacity = capacity.data();
  view.usage_quantum = usage_quantum;
  return view;
}

}  // namespace warpshard
