#include "host/bound/restriction.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace warpshard {
namespace {

constexpr std::uint32_t kEdgesBetweenLooks = 64;

/// Takes values away until nothing more follows.
class Propagation {
 public:
  Propagation(const Model& model, ValueSet& removed, StopGlance& stop)
      : model_(model), removed_(removed), stop_(stop) {
    for (std::int32_t v = 0; v < model.num_variables(); ++v)
      for (std::int32_t d = 0; d < model.domain(v); ++d)
        if (forbids(model.unary_of(v)[d])) removed_[model.value_offsets[v] + d] = true;
  }

  /// False if a variable has lost all its values or the least usages alone do not fit, or if
  /// stopped.
  bool run() {
    for (bool changed = true; changed;) {
      if (!check_domains()) return false;
      changed = false;
      for (const auto& edge : model_.edges) {
        if (stop_.stopped()) return false;
        changed |= drop_without_partner(edge);
      }
      if (changed) continue;
      if (!compute_slack()) return false;
      changed = drop_without_room();
    }
    return true;
  }

  const std::vector<std::int64_t>& slack() const { return slack_; }

 private:
  bool here(std::int32_t v, std::int32_t d) const { return !removed_[model_.value_offsets[v] + d]; }

  bool check_domains() const {
    for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
      bool any = false;
      for (std::int32_t d = 0; d < model_.domain(v) && !any; ++d) any = here(v, d);
      if (!any) return false;
    }
    return true;
  }

  bool drop_without_partner(const Model::Edge& edge) {
    const auto table = model_.table_of(edge);
    const std::int32_t columns = model_.domain(edge.v);
    supported_.assign(static_cast<std::size_t>(columns), false);
    bool changed = false;
    for (std::int32_t a = 0; a < model_.domain(edge.u); ++a) {
      if (!here(edge.u, a)) continue;
      bool any = false;
      for (std::int32_t b = 0; b < columns; ++b) {
        if (!here(edge.v, b) || forbids(table[std::int64_t{a} * columns + b])) continue;
        any = true;
        supported_[b] = true;
      }
      if (!any) {
        removed_[model_.value_offsets[edge.u] + a] = true;
        changed = true;
      }
    }
    for (std::int32_t b = 0; b < columns; ++b) {
      if (supported_[b] || !here(edge.v, b)) continue;
      removed_[model_.value_offsets[edge.v] + b] = true;
      changed = true;
    }
    return changed;
  }

  std::int64_t least_usage(std::int32_t v, const Model::Segment& segment) const {
    const auto usage = model_.usage_of(v, segment);
    std::int64_t least = -1;
    for (std::int32_t d = 0; d < model_.domain(v); ++d)
      if (here(v, d) && (least < 0 || usage[d] < least)) least = usage[d];
    return least;
  }

  /// Capacity less the least usages.
  bool compute_slack() {
    std::vector<std::int64_t> change(model_.capacity.size() + 1, 0);
    for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
      for (const auto& segment : model_.segments_of(v)) {
        const std::int64_t least = least_usage(v, segment);
        change[segment.begin] += least;
        change[segment.end] -= least;
      }
    }
    slack_.resize(model_.capacity.size());
    std::int64_t used = 0;
    for (std::size_t t = 0; t < slack_.size(); ++t) {
      used += change[t];
      slack_[t] = model_.capacity[t] - used;
      if (slack_[t] < 0) return false;
    }
    return true;
  }

  bool drop_without_room() {
    bool changed = false;
    for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
      for (const auto& segment : model_.segments_of(v)) {
        const std::int64_t room =
            least_usage(v, segment) +
            *std::min_element(slack_.begin() + segment.begin, slack_.begin() + segment.end);
        const auto usage = model_.usage_of(v, segment);
        for (std::int32_t d = 0; d < model_.domain(v); ++d) {
          if (!here(v, d) || usage[d] <= room) continue;
          removed_[model_.value_offsets[v] + d] = true;
          changed = true;
        }
      }
    }
    return changed;
  }

  const Model& model_;
  ValueSet& removed_;
  StopGlance& stop_;
  std::vector<std::int64_t> slack_;  ///< [times] once every removal has been followed up
  std::vector<bool> supported_;
};

/// Builds the model of the values that are left.
class Builder {
 public:
  Builder(const Model& model, const ValueSet& removed, const std::vector<std::int64_t>& slack)
      : model_(model), removed_(removed), slack_(slack) {}

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
    kept_.resize(n);
    number_.assign(n, -1);
    choice_.assign(n, -1);
    result_.fixed.assign(n, -1);
    for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
      for (std::int32_t d = 0; d < model_.domain(v); ++d)
        if (!removed_[model_.value_offsets[v] + d]) kept_[v].push_back(d);
      if (kept_[v].size() == 1) {
        result_.fixed[v] = kept_[v][0];
        continue;
      }
      choice_[v] =
          choices_.try_emplace(kept_[v], static_cast<std::int32_t>(choices_.size())).first->second;
      number_[v] = static_cast<std::int32_t>(result_.variables.size());
      result_.variables.push_back(v);
    }
  }

  void add_unary(std::int32_t v) {
    if (number_[v] < 0) {
      result_.model.constant.finite += model_.unary_of(v)[kept_[v][0]];
      return;
    }
    for (const std::int32_t d : kept_[v]) {
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
    const auto& rows = kept_[edge.u];
    const auto& columns = kept_[edge.v];
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
        tables_.try_emplace({edge.table, choice_[edge.u], choice_[edge.v]}, next);
    if (!is_new) return table->second;
    const auto entries = model_.table_of(edge);
    for (const std::int32_t a : kept_[edge.u])
      for (const std::int32_t b : kept_[edge.v])
        to.entries.push_back(entries[std::int64_t{a} * model_.domain(edge.v) + b]);
    to.table_offsets.push_back(static_cast<std::int64_t>(to.entries.size()));
    return next;
  }

  /// Usage of v over a segment above its least; empty if it is all the same.
  std::vector<std::int64_t> extra_usage(std::int32_t v, const Model::Segment& segment) const {
    const auto usage = model_.usage_of(v, segment);
    std::vector<std::int64_t> extra;
    for (const std::int32_t d : kept_[v]) extra.push_back(usage[d]);
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
  const ValueSet& removed_;
  const std::vector<std::int64_t>& slack_;
  Restriction result_;
  std::vector<std::vector<std::int32_t>> kept_;  ///< [variables] values that are left
  std::vector<std::int32_t> number_;             ///< [variables] in the restriction, or -1
  std::vector<std::int32_t> choice_;             ///< [variables] of choices_, or -1
  std::map<std::vector<std::int32_t>, std::int32_t> choices_;  ///< lists of values that are left
  std::map<std::tuple<std::int32_t, std::int32_t, std::int32_t>, std::int32_t>
      tables_;  ///< the restriction's, by the model's table and the choices of u and v
};

}  // namespace

std::optional<Restriction> restrict_model(const Model& model, ValueSet& removed,
                                          const StopToken& stop) {
  StopGlance glance(stop, kEdgesBetweenLooks);
  Propagation propagation(model, removed, glance);
  if (!propagation.run()) return std::nullopt;
  return Builder(model, removed, propagation.slack()).build(glance);
}

Assignment extend(const Restriction& restriction, std::span<const std::int32_t> assignment) {
  Assignment result = restriction.fixed;
  const Model& model = restriction.model;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    result[restriction.variables[v]] = restriction.values[model.value_offsets[v] + assignment[v]];
  return result;
}

}  // namespace warpshard
