#include "host/reduce/extract.h"

#include <algorithm>

namespace warpshard::reduce {

namespace {

/// An entry of the model, less what it has in common with others.
std::int64_t lowered_entry(std::int64_t entry, const Cost& common, bool hard) {
  return hard && blocks(entry) ? kForbiddenEntry : lowered(entry, common, hard);
}

class Extractor {
 public:
  explicit Extractor(const State& state)
      : state_(state), tables_(state.hard), lowered_(state.tables.size()) {
    tables_.reserve(state.tables.num_entries());
    model_.entries.reserve(state.tables.num_entries());
  }

  Model extract(const StopToken& stop) {
    StopGlance glance(stop);
    model_.constant = state_.constant;
    model_.capacity = state_.capacity;
    number_.assign(state_.variables.size(), kNone);
    for (const std::int32_t v : live_variables(state_)) add_variable(v);
    for (std::size_t i = 0; i < state_.links.size() && !glance.stopped(); ++i) {
      const Link& link = state_.links[i];
      if (i > 0 && state_.links[i - 1].u == link.u && state_.links[i - 1].v == link.v) {
        add_parallel(link);
      } else {
        add_edge(number_[link.u], number_[link.v], lowered_table(link.table));
      }
    }
    std::ranges::sort(model_.edges, [](const Model::Edge& a, const Model::Edge& b) {
      return a.u != b.u ? a.u < b.u : a.v < b.v;
    });
    return std::move(model_);
  }

 private:
  struct Lowered {
    std::int32_t table = kNone;  ///< of the model
    Cost common;                 ///< what its entries were lowered by
  };

  void add_variable(std::int32_t v) {
    const Variable& variable = state_.variables[v];
    number_[v] = model_.num_variables();
    const Cost common = common_part(variable.unary, state_.hard);
    model_.constant += common;
    for (const std::int64_t cost : variable.unary)
      model_.unary.push_back(lowered_entry(cost, common, state_.hard));
    for (std::size_t i = 0; i < variable.pieces.size(); ++i)
      model_.segments.push_back(
          {variable.pieces[i].begin, variable.pieces[i].end,
           static_cast<std::int64_t>(model_.segment_usage.size() + i * variable.unary.size())});
    model_.segment_usage.insert(model_.segment_usage.end(), variable.usage.begin(),
                                variable.usage.end());
    close_variable();
  }

  void close_variable() {
    model_.value_offsets.push_back(static_cast<std::int32_t>(model_.unary.size()));
    model_.segment_offsets.push_back(static_cast<std::int32_t>(model_.segments.size()));
  }

  /// The table less what its entries have in common, which goes to the constant.
  std::int32_t lowered_table(std::int32_t table) {
    auto& [lowered, common] = lowered_[table];
    if (lowered == kNone) {
      const auto source = state_.tables.entries(table);
      common = common_part(source, state_.hard);
      std::vector<std::int64_t> entries;
      entries.reserve(source.size());
      for (const std::int64_t entry : source)
        entries.push_back(lowered_entry(entry, common, state_.hard));
      lowered = add_table(state_.tables.rows(table), state_.tables.columns(table), entries);
    }
    model_.constant += common;
    return lowered;
  }

  std::int32_t add_table(std::int32_t rows, std::int32_t columns,
                         const std::vector<std::int64_t>& entries) {
    const std::int32_t table = tables_.add(rows, columns, entries);
    if (table + 1 == static_cast<std::int32_t>(model_.table_offsets.size())) {
      model_.entries.insert(model_.entries.end(), entries.begin(), entries.end());
      model_.table_offsets.push_back(static_cast<std::int64_t>(model_.entries.size()));
    }
    return table;
  }

  void add_edge(std::int32_t u, std::int32_t v, std::int32_t table) {
    model_.edges.push_back({u, v, table});
  }

  /// A second link of a pair joins v to a copy of u. That copy never gains by differing from u: to
  /// differ counts as forbidden and costs as much as the link's finite costs vary.
  void add_parallel(const Link& link) {
    const std::int32_t copy = model_.num_variables();
    const std::int32_t domain = state_.variables[link.u].domain();
    model_.unary.resize(model_.unary.size() + domain, 0);
    close_variable();
    const std::int32_t table = lowered_table(link.table);
    const std::vector<std::int64_t> entries(
        model_.entries.begin() + model_.table_offsets[table],
        model_.entries.begin() + model_.table_offsets[table + 1]);
    const std::int32_t columns = state_.tables.columns(link.table);
    std::vector<std::int64_t> turned(entries.size());
    std::int64_t greatest = 0;
    for (std::int32_t a = 0; a < domain; ++a) {
      for (std::int32_t b = 0; b < columns; ++b) {
        const std::int64_t entry = entries[std::int64_t{a} * columns + b];
        turned[std::int64_t{b} * domain + a] = entry;
        greatest = std::max(greatest, finite_part(entry));
      }
    }
    std::vector<std::int64_t> same(static_cast<std::size_t>(domain) * domain,
                                   kForbiddenEntry + greatest);
    for (std::int32_t a = 0; a < domain; ++a) same[std::int64_t{a} * domain + a] = 0;
    add_edge(number_[link.u], copy, add_table(domain, domain, same));
    add_edge(number_[link.v], copy, add_table(columns, domain, turned));
  }

  const State& state_;
  TableStore tables_;                 ///< the model's tables, to find equal ones
  std::vector<std::int32_t> number_;  ///< [state's variables] the model's number
  std::vector<Lowered> lowered_;      ///< [state's tables]
  Model model_;
};

}  // namespace

std::vector<std::int32_t> live_variables(const State& state) {
  std::vector<std::int32_t> live;
  for (std::int32_t v = 0; v < static_cast<std::int32_t>(state.variables.size()); ++v)
    if (state.variables[v].alive) live.push_back(v);
  return live;
}

Assignment assignment_of(const State& state, std::span<const std::int32_t> plan) {
  std::vector<std::int32_t> value_of(state.variables.size(), kNone);
  Assignment assignment;
  for (const std::int32_t v : live_variables(state)) {
    const auto& strategies = state.variables[v].strategies;
    const auto found = std::ranges::find(strategies, plan[v]);
    if (found == strategies.end()) return {};
    value_of[v] = static_cast<std::int32_t>(found - strategies.begin());
    assignment.push_back(value_of[v]);
  }
  for (const Link& link : state.links) {
    const std::int64_t row = value_of[link.u];
    const auto entries = state.tables.entries(link.table);
    const bool forbidden =
        blocks(entries[row * state.tables.columns(link.table) + value_of[link.v]]);
    if (state.hard && forbidden) return {};
  }
  // Parallel links have copies of their first end at the back of the model.
  for (std::size_t i = 1; i < state.links.size(); ++i)
    if (state.links[i - 1].u == state.links[i].u && state.links[i - 1].v == state.links[i].v)
      assignment.push_back(value_of[state.links[i].u]);
  return assignment;
}

Model extract_model(const State& state, const StopToken& stop) {
  return Extractor(state).extract(stop);
}

}  // namespace warpshard::reduce
