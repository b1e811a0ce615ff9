#include "host/bound/restriction.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include "host/bound/propagation.h"
#include "host/model/list_hash.h"

namespace warpshard {
namespace {

constexpr std::uint32_t kEdgesBetweenLooks = 64;

struct HashOfList {
  template <typename List>
  std::size_t operator()(const List& list) const {
    return hash_of(list);
  }
};

/// Builds the model of the values that are left.
class Builder {
 public:
  Builder(const Model& model, const Propagation& left)
      : model_(model), left_(left), slack_(left.slack()) {}

  /// Nothing if stopped.
  std::optional<Restriction> build(StopGlance& stop) {
    result_.model.constant = model_.constant;
    number_variables();
    for (std::int32_t v = 0; v < model_.num_variables(); ++v) add_unary(v);
    for (std::size_t e = 0; e < model_.edges.size(); ++e) {
      if (stop.stopped()) return std::nullopt;
      add_edge(static_cast<std::int32_t>(e));
    }
    add_memory();
    return std::move(result_);
  }

 private:
  void number_variables() {
    const auto n = static_cast<std::size_t>(model_.num_variables());
    number_.assign(n, -1);
    choice_.assign(n, -1);
    result_.fixed.assign(n, -1);
    for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
      if (left_.kept(v).size() == 1) {
        result_.fixed[v] = left_.kept(v)[0];
        continue;
      }
      choice_[v] = choices_.try_emplace(left_.kept(v), static_cast<std::int32_t>(choices_.size()))
                       .first->second;
      number_[v] = static_cast<std::int32_t>(result_.variables.size());
      result_.variables.push_back(v);
    }
  }

  void add_unary(std::int32_t v) {
    if (number_[v] < 0) {
      result_.model.constant.finite += model_.unary_of(v)[left_.kept(v)[0]];
      return;
    }
    for (const std::int32_t d : left_.kept(v)) {
      result_.values.push_back(d);
      result_.model.unary.push_back(model_.unary_of(v)[d]);
    }
    result_.model.value_offsets.push_back(static_cast<std::int32_t>(result_.values.size()));
  }

  void add_to_unary(std::int32_t number, std::int32_t value, std::int64_t cost) {
    std::int64_t& entry = result_.model.unary[result_.model.value_offsets[number] + value];
    // Where pairs count as plain costs (see PairModel), a sum may be more than an entry can hold.
    entry = forbids(entry) || forbids(cost) ? kForbiddenEntry
                                            : std::min(entry + cost, kForbiddenEntry - 1);
  }

  void add_edge(std::int32_t e) {
    const auto& edge = model_.edges[e];
    const auto table = model_.table_of(edge);
    const auto entry = [&](std::int32_t a, std::int32_t b) {
      return table[std::int64_t{a} * model_.domain(edge.v) + b];
    };
    const auto& rows = left_.kept(edge.u);
    const auto& columns = left_.kept(edge.v);
    if (number_[edge.u] < 0 && number_[edge.v] < 0) {
      result_.model.constant.finite += entry(rows[0], columns[0]);
    } else if (number_[edge.u] < 0) {
      for (std::size_t b = 0; b < columns.size(); ++b)
        add_to_unary(number_[edge.v], static_cast<std::int32_t>(b), entry(rows[0], columns[b]));
    } else if (number_[edge.v] < 0) {
      for (std::size_t a = 0; a < rows.size(); ++a)
        add_to_unary(number_[edge.u], static_cast<std::int32_t>(a), entry(rows[a], columns[0]));
    } else {
      result_.edges.push_back(e);
      result_.model.edges.push_back({number_[edge.u], number_[edge.v], table_for(edge)});
    }
  }

  /// The table of an edge over what is left of its ends; made once for all edges that share both.
  std::int32_t table_for(const Model::Edge& edge) {
    Model& to = result_.model;
    const auto next = static_cast<std::int32_t>(to.table_offsets.size()) - 1;
    const auto [table, is_new] =
        tables_.try_emplace(std::array{edge.table, choice_[edge.u], choice_[edge.v]}, next);
    if (!is_new) return table->second;
    const auto entries = model_.table_of(edge);
    for (const std::int32_t a : left_.kept(edge.u))
      for (const std::int32_t b : left_.kept(edge.v))
        to.entries.push_back(entries[std::int64_t{a} * model_.domain(edge.v) + b]);
    to.table_offsets.push_back(static_cast<std::int64_t>(to.entries.size()));
    return next;
  }

  /// Usage of v over a segment above its least; empty if it is all the same.
  std::vector<std::int64_t> extra_usage(std::int32_t v, const Model::Segment& segment) const {
    const auto usage = model_.usage_of(v, segment);
    std::vector<std::int64_t> extra;
    for (const std::int32_t d : left_.kept(v)) extra.push_back(usage[d]);
    const std::int64_t least = *std::ranges::min_element(extra);
    for (std::int64_t& amount : extra) amount -= least;
    if (std::ranges::all_of(extra, [](std::int64_t amount) { return amount == 0; })) extra.clear();
    return extra;
  }

  /// Time points at which all could be at their most and fit need no watch.
  std::vector<std::int32_t> number_times() {
    std::vector<std::int64_t> change(slack_.size() + 1, 0);
    for (const std::int32_t v : result_.variables) {
      for (const auto& segment : model_.segments_of(v)) {
        const auto extra = extra_usage(v, segment);
        if (extra.empty()) continue;
        const std::int64_t most = *std::ranges::max_element(extra);
        change[segment.begin] += most;
        change[segment.end] -= most;
      }
    }
    std::vector<std::int32_t> first_kept(slack_.size() + 1, 0);  // kept times before each time
    std::int64_t most = 0;
    for (std::size_t t = 0; t < slack_.size(); ++t) {
      most += change[t];
      if (most > slack_[t]) {
        result_.times.push_back(static_cast<std::int32_t>(t));
        result_.model.capacity.push_back(slack_[t]);
      }
      first_kept[t + 1] = static_cast<std::int32_t>(result_.times.size());
    }
    return first_kept;
  }

  void add_memory() {
    const auto first_kept = number_times();
    Model& to = result_.model;
    for (const std::int32_t v : result_.variables) {
      for (const auto& segment : model_.segments_of(v)) {
        const std::int32_t begin = first_kept[segment.begin];
        const std::int32_t end = first_kept[segment.end];
        const auto extra = extra_usage(v, segment);
        if (begin == end || extra.empty()) continue;
        to.segments.push_back({begin, end, static_cast<std::int64_t>(to.segment_usage.size())});
        to.segment_usage.insert(to.segment_usage.end(), extra.begin(), extra.end());
      }
      to.segment_offsets.push_back(static_cast<std::int32_t>(to.segments.size()));
    }
  }

  const Model& model_;
  const Propagation& left_;
  const std::vector<std::int64_t>& slack_;
  Restriction result_;
  std::vector<std::int32_t> number_;  ///< [variables] in the restriction, or -1
  std::vector<std::int32_t> choice_;  ///< [variables] of choices_, or -1
  /// Lists of values that are left.
  std::unordered_map<std::vector<std::int32_t>, std::int32_t, HashOfList> choices_;
  /// The restriction's tables, by the model's table and the choices of u and v.
  std::unordered_map<std::array<std::int32_t, 3>, std::int32_t, HashOfList> tables_;
};

/// Turns what `part` says of `whole`'s model into what it says of `whole`'s original.
void compose(const Restriction& whole, Restriction& part) {
  std::vector<std::int32_t> fixed = whole.fixed;
  for (std::size_t v = 0; v < whole.variables.size(); ++v)
    if (part.fixed[v] >= 0)
      fixed[whole.variables[v]] = whole.values[whole.model.value_offsets[v] + part.fixed[v]];
  part.fixed = std::move(fixed);
  for (std::int32_t v = 0; v < part.model.num_variables(); ++v) {
    std::int32_t& variable = part.variables[v];
    const std::int32_t first = whole.model.value_offsets[variable];
    for (std::int32_t i = part.model.value_offsets[v]; i < part.model.value_offsets[v + 1]; ++i)
      part.values[i] = whole.values[first + part.values[i]];
    variable = whole.variables[variable];
  }
  for (std::int32_t& edge : part.edges) edge = whole.edges[edge];
  for (std::int32_t& time : part.times) time = whole.times[time];
}

}  // namespace

std::optional<Restriction> restrict_model(const Model& model, ValueSet& removed,
                                          const StopToken& stop) {
  StopGlance glance(stop, kEdgesBetweenLooks);
  Propagation propagation(model, removed, glance);
  if (!propagation.run()) return std::nullopt;
  return Builder(model, propagation).build(glance);
}

std::optional<Restriction> restrict_further(const Restriction& restriction, ValueSet& removed,
                                            const StopToken& stop) {
  auto part = restrict_model(restriction.model, removed, stop);
  if (part) compose(restriction, *part);
  return part;
}

Assignment extend(const Restriction& restriction, std::span<const std::int32_t> assignment) {
  Assignment result = restriction.fixed;
  const Model& model = restriction.model;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    result[restriction.variables[v]] = restriction.values[model.value_offsets[v] + assignment[v]];
  return result;
}

}  // namespace warpshard
