#include "host/bound/pair_model.h"

#include <algorithm>
#include <span>

namespace warpshard {
namespace {

/// Sums of a model's entries stay below this.
constexpr Int128 kMostCost = Int128{1} << 61;

struct Extremes {
  Int128 greatest = 0;         ///< finite part
  std::int64_t forbidden = 0;  ///< 1 if some entry is
};

Extremes extremes(std::span<const std::int64_t> entries) {
  Extremes result;
  for (const std::int64_t entry : entries) {
    const Cost cost = Cost::of_entry(entry);
    result.greatest = std::max(result.greatest, cost.finite);
    result.forbidden = std::max(result.forbidden, cost.forbidden);
  }
  return result;
}

void encode_all(std::vector<std::int64_t>& entries, Int128 unit) {
  for (std::int64_t& entry : entries) {
    const Cost cost = Cost::of_entry(entry);
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
  Int128 forbidden = 0;
  const auto count = [&](std::span<const std::int64_t> entries) {
    const Extremes most = extremes(entries);
    finite += most.greatest;
    forbidden += most.forbidden;
  };
  for (std::int32_t v = 0; v < model.num_variables(); ++v) count(model.unary_of(v));
  for (const auto& edge : model.edges) count(model.table_of(edge));
  PairModel pairs;
  pairs.unit = finite + 1;
  if (pairs.unit * (forbidden + 1) >= kMostCost) return std::nullopt;
  pairs.constant = model.constant;
  pairs.model = model;
  pairs.model.constant = Cost{};
  encode_all(pairs.model.unary, pairs.unit);
  encode_all(pairs.model.entries, pairs.unit);
  return pairs;
}

}  // namespace warpshard
