#include "host/bound/propagation.h"

#include <algorithm>
#include <utility>

#include "host/model/range_minimum.h"

namespace warpshard {
namespace {

/// In pieces that compilers turn into a few wide comparisons each.
bool has_forbidden(std::span<const std::int64_t> entries) {
  constexpr std::size_t kPiece = 64;
  for (std::size_t begin = 0; begin < entries.size(); begin += kPiece) {
    bool any = false;
    for (const std::int64_t entry :
         entries.subspan(begin, std::min(kPiece, entries.size() - begin)))
      any |= forbids(entry);
    if (any) return true;
  }
  return false;
}

}  // namespace

Propagation::Propagation(const Model& model, ValueSet& removed, StopGlance& stop)
    : model_(model),
      removed_(removed),
      stop_(stop),
      kept_(static_cast<std::size_t>(model.num_variables())),
      blocks_(model.table_offsets.size() - 1, -1) {
  for (std::int32_t v = 0; v < model.num_variables(); ++v) {
    const auto unary = model.unary_of(v);
    for (std::int32_t d = 0; d < model.domain(v); ++d) {
      if (forbids(unary[d])) removed_[model.value_offsets[v] + d] = true;
      if (!removed_[model.value_offsets[v] + d]) kept_[v].push_back(d);
    }
    emptied_ = emptied_ || kept_[v].empty();
  }
}

bool Propagation::run() {
  if (emptied_) return false;
  find_blocking_edges();
  do
    if (!settle_edges() || !compute_slack()) return false;
  while (drop_without_room());
  return !emptied_ && !stop_.stopped();
}

bool Propagation::blocks(std::int32_t table) {
  signed char& known = blocks_[table];
  if (known < 0) {
    const auto begin = model_.table_offsets[table];
    const auto size = static_cast<std::size_t>(model_.table_offsets[table + 1] - begin);
    known = has_forbidden(std::span(model_.entries).subspan(static_cast<std::size_t>(begin), size))
                ? 1
                : 0;
  }
  return known == 1;
}

/// Edges that allow everything take nothing away.
void Propagation::find_blocking_edges() {
  edge_offsets_.assign(kept_.size() + 1, 0);
  queued_.assign(model_.edges.size(), false);
  for (std::size_t e = 0; e < model_.edges.size() && !stop_.stopped(); ++e) {
    const auto& edge = model_.edges[e];
    if (!blocks(edge.table)) continue;
    queue_.push_back(static_cast<std::int32_t>(e));
    queued_[e] = true;
    ++edge_offsets_[edge.u + 1];
    ++edge_offsets_[edge.v + 1];
  }
  for (std::size_t v = 0; v < kept_.size(); ++v) edge_offsets_[v + 1] += edge_offsets_[v];
  edges_of_.resize(static_cast<std::size_t>(edge_offsets_.back()));
  std::vector<std::int32_t> next(edge_offsets_.begin(), edge_offsets_.end() - 1);
  for (const std::int32_t e : queue_) {
    edges_of_[next[model_.edges[e].u]++] = e;
    edges_of_[next[model_.edges[e].v]++] = e;
  }
}

/// False if a variable has lost all its values, or if stopped.
bool Propagation::settle_edges() {
  while (!queue_.empty() && !emptied_) {
    if (stop_.stopped()) return false;
    const std::int32_t e = queue_.back();
    queue_.pop_back();
    drop_without_partner(model_.edges[e]);
    queued_[e] = false;  // what it took away itself has no partner left there
  }
  return !emptied_;
}

template <typename Goes>
void Propagation::drop(std::int32_t v, const Goes& goes) {
  std::vector<std::int32_t>& kept = kept_[v];
  const auto left = std::remove_if(kept.begin(), kept.end(), [&](std::int32_t d) {
    if (!goes(d)) return false;
    removed_[model_.value_offsets[v] + d] = true;
    return true;
  });
  if (left == kept.end()) return;
  kept.erase(left, kept.end());
  emptied_ = emptied_ || kept.empty();
  for (std::int32_t i = edge_offsets_[v]; i < edge_offsets_[v + 1]; ++i) {
    const std::int32_t e = edges_of_[i];
    if (!queued_[e]) queue_.push_back(e);
    queued_[e] = true;
  }
}

void Propagation::drop_without_partner(const Model::Edge& edge) {
  const std::int64_t* const table = model_.table_of(edge).data();
  const std::int64_t columns = model_.domain(edge.v);
  const auto allowed = [&](std::int32_t a, std::int32_t b) {
    return !forbids(table[a * columns + b]);
  };
  drop(edge.u, [&](std::int32_t a) {
    return std::ranges::none_of(kept_[edge.v], [&](std::int32_t b) { return allowed(a, b); });
  });
  drop(edge.v, [&](std::int32_t b) {
    return std::ranges::none_of(kept_[edge.u], [&](std::int32_t a) { return allowed(a, b); });
  });
}

std::int64_t Propagation::least_usage(std::int32_t v, const Model::Segment& segment) const {
  const auto usage = model_.usage_of(v, segment);
  std::int64_t least = usage[kept_[v].front()];
  for (const std::int32_t d : kept_[v]) least = std::min(least, usage[d]);
  return least;
}

/// False if the least usages alone do not fit.
bool Propagation::compute_slack() {
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

/// True if any value went.
bool Propagation::drop_without_room() {
  const RangeMinimum least_slack(slack_);
  bool changed = false;
  for (std::int32_t v = 0; v < model_.num_variables() && !stop_.stopped(); ++v) {
    for (const auto& segment : model_.segments_of(v)) {
      const std::int64_t room =
          least_usage(v, segment) + least_slack.over(segment.begin, segment.end);
      const auto usage = model_.usage_of(v, segment);
      const std::size_t before = kept_[v].size();
      drop(v, [&](std::int32_t d) { return usage[d] > room; });
      if (emptied_) return true;
      changed = changed || kept_[v].size() < before;
    }
  }
  return changed;
}

}  // namespace warpshard
