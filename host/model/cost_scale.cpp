#include "host/model/cost_scale.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace warpshard {
namespace {

constexpr std::uint32_t kTablesBetweenLooks = 16;

/// How far the mean of what is not forbidden is above its least.
double mean_above_least(std::span<const std::int64_t> entries) {
  const std::int64_t least = *std::ranges::min_element(entries);
  double sum = 0;
  double count = 0;
  for (const std::int64_t entry : entries) {
    if (forbids(entry)) continue;
    sum += static_cast<double>(entry - least);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

/// The sum over both ends of an edge.
double spread_of_ends(std::span<const std::int64_t> table, std::int32_t rows,
                      std::int32_t columns) {
  std::vector<std::int64_t> of_rows(static_cast<std::size_t>(rows), kForbiddenEntry);
  std::vector<std::int64_t> of_columns(static_cast<std::size_t>(columns), kForbiddenEntry);
  for (std::int32_t a = 0; a < rows; ++a) {
    for (std::int32_t b = 0; b < columns; ++b) {
      const std::int64_t entry = table[std::int64_t{a} * columns + b];
      of_rows[a] = std::min(of_rows[a], entry);
      of_columns[b] = std::min(of_columns[b], entry);
    }
  }
  return mean_above_least(of_rows) + mean_above_least(of_columns);
}

}  // namespace

double cost_scale(const Model& model, const StopToken& stop) {
  StopGlance glance(stop, kTablesBetweenLooks);
  double sum = 0;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    sum += mean_above_least(model.unary_of(v));
  std::vector<std::optional<double>> of_table(model.table_offsets.size());
  for (const auto& edge : model.edges) {
    if (glance.stopped()) break;
    auto& spread = of_table[edge.table];
    if (!spread)
      spread = spread_of_ends(model.table_of(edge), model.domain(edge.u), model.domain(edge.v));
    sum += *spread / 2;
  }
  return sum > 0 ? sum / 3 : 1;
}

}  // namespace warpshard
