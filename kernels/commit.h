#pragma once

#include <cstdint>

#include "kernels/chain_view.h"
#include "kernels/model_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// True if changing v from `from` to `to` raises usage above the headroom nowhere.
template <typename Group>
WARPSHARD_HD bool change_fits(Group group, const ModelView& model, const ChainView& chain,
                              std::int32_t v, std::int32_t from, std::int32_t to) {
  const UsageSegment* const end = model.segments + model.segment_offsets[v + 1];
  for (const UsageSegment* s = model.segments + model.segment_offsets[v]; s != end; ++s) {
    const std::int32_t rise = model.usage[s->row + to] - model.usage[s->row + from];
    if (rise > 0 && chain.memory.least(group, s->begin, s->end) < rise) return false;
  }
  return true;
}

/// Moves memory from v's value `from` to its value `to`; headroom may become negative.
template <typename Group>
WARPSHARD_HD void move_memory(Group group, const ModelView& model, ChainView& chain, std::int32_t v,
                              std::int32_t from, std::int32_t to) {
  const UsageSegment* const end = model.segments + model.segment_offsets[v + 1];
  for (const UsageSegment* s = model.segments + model.segment_offsets[v]; s != end; ++s) {
    const std::int32_t rise = model.usage[s->row + to] - model.usage[s->row + from];
    if (rise != 0) chain.memory.add(group, s->begin, s->end, -rise);
  }
}

/// Exact change in cost if v took the value `to`; every lane holds the result.
template <typename Group>
WARPSHARD_HD CostAccount exact_change(Group group, const ModelView& model, const ChainView& chain,
                                      std::int32_t v, std::int32_t to) {
  const std::int32_t from = chain.values[v];
  const std::int32_t row = model.row_offsets[v];
  CostAccount change;
  const std::int32_t end = model.arc_offsets[v + 1];
  for (std::int32_t a = model.arc_offsets[v] + group.rank(); a < end; a += group.size()) {
    const Arc& arc = model.arcs[a];
    const std::int64_t* const entries = model.exact_tables + arc.at(chain.values[arc.neighbour]);
    change.add(entries[to]);
    change.remove(entries[from]);
  }
  if (group.rank() == 0) {
    change.add(model.exact_unary[row + to]);
    change.remove(model.exact_unary[row + from]);
  }
  change.finite = group.sum(change.finite);
  change.forbidden = group.sum(change.forbidden);
  return change;
}

/// Gives v the value `to`; memory is not touched and the account left to settle_account().
template <typename Group>
WARPSHARD_HD void change_value(Group group, ChainView& chain, std::int32_t v, std::int32_t to) {
  if (group.rank() == 0) {
    chain.values[v] = static_cast<std::uint16_t>(to);
    ++chain.counters->changes;
  }
  group.sync();
}

/// Gives v the value `to` and accounts for the exact cost; memory is not touched. The account must
/// be settled.
template <typename Group>
WARPSHARD_HD void move_value(Group group, const ModelView& model, ChainView& chain, std::int32_t v,
                             std::int32_t to) {
  const CostAccount change = exact_change(group, model, chain, v, to);
  if (group.rank() == 0) {
    *chain.account += change;
    chain.accounted[v] = static_cast<std::uint16_t>(to);
  }
  change_value(group, chain, v, to);
}

/// Brings the account up to date with values that annealing changed. Many of them changed to and
/// fro meanwhile, so that this costs less than to account for each change.
template <typename Group>
WARPSHARD_HD void settle_account(Group group, const ModelView& model, ChainView& chain) {
  group.sync();
  CostAccount change;
  for (std::int32_t v = group.rank(); v < model.num_variables; v += group.size()) {
    const std::int32_t from = chain.accounted[v];
    const std::int32_t to = chain.values[v];
    if (from == to) continue;
    const std::int32_t row = model.row_offsets[v];
    change.add(model.exact_unary[row + to]);
    change.remove(model.exact_unary[row + from]);
    for (std::int32_t a = model.arc_offsets[v]; a < model.arc_offsets[v + 1]; ++a) {
      const Arc& arc = model.arcs[a];
      const std::int32_t before = chain.accounted[arc.neighbour];
      const std::int32_t now = chain.values[arc.neighbour];
      if (before != now && arc.neighbour < v) continue;  // counted from there
      change.add(model.exact_tables[arc.at(now) + to]);
      change.remove(model.exact_tables[arc.at(before) + from]);
    }
  }
  change.finite = group.sum(change.finite);
  change.forbidden = group.sum(change.forbidden);
  for (std::int32_t v = group.rank(); v < model.num_variables; v += group.size())
    chain.accounted[v] = chain.values[v];
  if (group.rank() == 0) *chain.account += change;
  group.sync();
}

}  // namespace warpshard
