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
  float* scratch = nullptr;            ///< [slots][max_stride]
  const std::int32_t* hubs = nullptr;  ///< positions of hubs, see is_hub()
  float* sent = nullptr;               ///< [arcs] see visit_hub(); only if there are hubs
  std::int64_t* usage = nullptr;       ///< [times + 1] steps of expected usage, 1 / kUsageFraction

  WARPSHARD_HD float* scratch_of(std::int32_t slot) const {
    return scratch + static_cast<std::int64_t>(slot) * model.max_stride;
  }
};

/// Groups that visit a hub together: one would take far longer than those of its class's other
/// variables.
inline constexpr std::int32_t kHubGroups = 16;

/// Whether a variable has so many messages to send that several groups share them out.
WARPSHARD_HD inline bool is_hub(const SweepVariable& variable) {
  return variable.num_arcs() > 2 * kHubGroups;
}

/// Where the share of the bound goes that the variable at a position has.
WARPSHARD_HD inline double& share_of(const SweepRoundView& view, std::int32_t position,
                                     SweepDirection direction) {
  const std::int32_t pass = direction == SweepDirection::kForward ? 0 : view.trws.num_variables;
  return view.shares[pass + position];
}

/// Visits the variable at a position, if it is not a hub, and notes its share of the bound.
template <class Group>
WARPSHARD_HD void visit_position(const SweepRoundView& view, std::int32_t position,
                                 std::int32_t slot, SweepDirection direction) {
  if (is_hub(view.trws.variables[position])) return;
  const double share = visit_variable<Group>(view.trws, position, direction, view.scratch_of(slot));
  if (Group::rank() == 0) share_of(view, position, direction) = share;
}

/// The same for hubs[k], by a team of up to kHubGroups groups; `slot` counts teams.
template <class Group, class Team>
WARPSHARD_HD void visit_hub(Team team, const SweepRoundView& view, std::int32_t k,
                            std::int32_t slot, SweepDirection direction) {
  const std::int32_t position = view.hubs[k];
  float* const scratch = view.scratch_of(slot * kHubGroups + team.rank());
  const double share = visit_hub<Group>(team, view.trws, position, direction, scratch, view.sent);
  if (team.rank() == 0 && Group::rank() == 0) share_of(view, position, direction) = share;
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
