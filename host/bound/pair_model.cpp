#include "host/bound/pair_model.h"

#include <algorithm>
#include <span>

namespace warpshard {
namespace {

/// Of finite parts, or 0.
std::int64_t greatest_finite(std::span<const std::int64_t> entries) {
  std::int64_t greatest = 0;
  for (const std::int64_t entry : entries) greatest = std::max(greatest, finite_part(entry));
  return greatest;
}

void encode_all(std::span<std::int64_t> entries, Int128 unit) {
  for (std::int64_t& entry : entries) {
    const Cost cost = cost_of_entry(entry);
    entry = static_cast<std::int64_t>(cost.forbidden * unit + cost.finite);
  }
}

}  // namespace

Cost PairModel::decode(Int128 encoded) const {
  // Finite parts are from 0 up to less than the unit; below that the pair has fewer entries.
  Int128 entries = encoded / unit;
  if (entries * unit > encoded) --entries;
  return constant + Cost{static_cast<std::int64_t>(entries), encoded - entries * unit};
}

std::optional<PairModel> pair_model(const Model& model) {
  if (std::ranges::any_of(model.unary, [](std::int64_t entry) { return entry < 0; }) ||
      std::ranges::any_of(model.entries, [](std::int64_t entry) { return entry < 0; }))
    return std::nullopt;
  Int128 finite = 0;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    finite += greatest_finite(model.unary_of(v));
  for (const auto& edge : model.edges) finite += greatest_finite(model.table_of(edge));
  PairModel pairs;
  pairs.unit = finite + 1;
  if (pairs.unit + finite >= kForbiddenEntry) return std::nullopt;
  pairs.constant = model.constant;
  pairs.model = model;
  pairs.model.constant = Cost{};
  encode_all(pairs.model.unary, pairs.unit);
  encode_all(pairs.model.entries, pairs.unit);
  return pairs;
}

}  // namespace warpshard
