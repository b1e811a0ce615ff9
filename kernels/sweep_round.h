#pragma once

#include <cstdint>

#include "kernels/price_step.h"
#include "kernels/trws.h"

namespace warpshard {

/// Fixed-point fraction of expected usage: sums of integers do not depend on their order.
inline constexpr double kUsageFraction = 4096;

/// What a round of message passing over classes of variables reads and writes, in the memory of the
/// backend that runs it (not owned). A slot is the place of a group among those that run at once.
struct SweepRoundView {
  ModelView model;
  TrwsView trws;
  const std::int32_t* isolated = nullptr;  ///< [num_isolated] variables without edges
  std::int32_t num_isolated = 0;
  const double* prefix = nullptr;  ///< [times + 1] running sums of the prices
  float* unary = nullptr;          ///< [rows] priced
  /// What variables add to the bounds: [forward, backward][num_variables] by position, then
  /// [num_isolated].
  double* shares = nullptr;
  float* scratch = nullptr;       ///< [slots][max_stride]
  std::int64_t* usage = nullptr;  ///< [times + 1] steps of expected usage, 1 / kUsageFraction

  WARPSHARD_HD float* scratch_of(std::int32_t slot) const {
    return scratch + static_cast<std::int64_t>(slot) * model.max_stride;
  }
};

/// Visits the variable at a position and notes its share of the bound.
template <class Group>
WARPSHARD_HD void visit_position(const SweepRoundView& view, std::int32_t position,
                                 std::int32_t slot, SweepDirection direction) {
  const double share = visit_variable<Group>(view.trws, position, direction, view.scratch_of(slot));
  const std::int32_t pass = direction == SweepDirection::kForward ? 0 : view.trws.num_variables;
  if (Group::rank() == 0) view.shares[pass + position] = share;
}

/// Notes what variable isolated[k] adds to the bound.
template <class Group>
WARPSHARD_HD void visit_isolated(const SweepRoundView& view, std::int32_t k) {
  const std::int32_t v = view.isolated[k];
  const float least = least_of<Group>(view.unary + view.model.row_offsets[v], view.model.stride(v));
  if (Group::rank() == 0) view.shares[2 * view.trws.num_variables + k] = least;
}

/// Adds variable v's expected usage to view.usage. `row` holds its min-marginals; `add_to(entry,
/// amount)` adds to one entry, whoever else does so at the same time.
template <class Group, class AddTo>
WARPSHARD_HD void expect_variable(const SweepRoundView& view, std::int32_t v, const float* row,
                                  std::int32_t slot, float temperature, AddTo add_to) {
  const ModelView& model = view.model;
  if (model.segment_offsets[v] == model.segment_offsets[v + 1]) return;
  const float least = least_of<Group>(row, model.stride(v));
  expect_usage<Group>(model, v, row, least, temperature, view.scratch_of(slot),
                      [&](const UsageSegment& segment, float quanta) {
                        if (Group::rank() != 0) return;
                        const auto amount = static_cast<std::int64_t>(quanta * kUsageFraction);
                        add_to(view.usage + segment.begin, amount);
                        add_to(view.usage + segment.end, -amount);
                      });
}

}  // namespace warpshard
