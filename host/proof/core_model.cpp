#include "host/proof/core_model.h"

#include <algorithm>
#include <map>
#include <span>
#include <vector>

#include "kernels/model_entry.h"

namespace warpshard {
namespace {

/// Makes them a model's entries, lowered by their least finite one, which is returned.
std::int64_t lower(std::span<std::int64_t> entries) {
  std::int64_t least = kForbidden;
  for (const std::int64_t entry : entries) least = std::min(least, entry);
  if (is_forbidden(least)) least = 0;
  for (std::int64_t& entry : entries) entry = is_forbidden(entry) ? kForbiddenEntry : entry - least;
  return least;
}

}  // namespace

Model model_of(const verify::CoreProblem& core) {
  Model model;
  model.constant.finite = core.constant;
  model.value_offsets = core.value_offsets;
  model.unary = core.unary;
  for (std::int32_t v = 0; v < core.num_variables(); ++v)
    model.constant.finite += lower({model.unary.data() + core.value_offsets[v],
                                    model.unary.data() + core.value_offsets[v + 1]});
  std::map<std::vector<std::int64_t>, std::int32_t> tables;
  for (const verify::CoreProblem::Edge& edge : core.edges) {
    const auto first = core.entries.begin() + edge.entries;
    std::vector<std::int64_t> entries(
        first, first + std::int64_t{core.domain(edge.u)} * core.domain(edge.v));
    model.constant.finite += lower(entries);
    const auto next = static_cast<std::int32_t>(tables.size());
    const auto [table, is_new] = tables.try_emplace(std::move(entries), next);
    model.edges.push_back({edge.u, edge.v, table->second});
    if (!is_new) continue;
    model.entries.insert(model.entries.end(), table->first.begin(), table->first.end());
    model.table_offsets.push_back(static_cast<std::int64_t>(model.entries.size()));
  }
  model.segment_offsets = core.piece_offsets;
  for (const verify::CoreProblem::Piece& piece : core.pieces)
    model.segments.push_back({piece.begin, piece.end, piece.usage});
  model.segment_usage = core.usage;
  model.capacity = core.capacity;
  return model;
}

}  // namespace warpshard
