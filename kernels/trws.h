#pragma once

#include <cstdint>

#include "kernels/fast_log.h"
#include "kernels/model_view.h"
#include "kernels/portable.h"

namespace warpshard {

/// Message passing by tree-reweighted sequential sweeps, TRW-S:
///   V. Kolmogorov, "Convergent Tree-Reweighted Message Passing for Energy Minimization", PAMI
///   2006.
///
/// Variables with edges stand in a fixed order. Through every arc runs a message, a row over the
/// receiver's values. A forward pass visits the variables in order; each adds up its priced unary
/// and all incoming messages to its *min-marginals*
///     theta_v(d) = unary_v(d) + sum over neighbours n of message_nv(d)
/// and sends, to each neighbour w that stands later,
///     message_vw(e) = min_d(share_v * theta_v(d) - message_wv(d) + table(d, e)) - normaliser
/// with share_v = 1 / max(number of earlier neighbours, number of later neighbours). A backward
/// pass does the same in reverse order. Whatever the messages were at the start,
///     sum over v of (1 - share_v * number of receivers) * min_d theta_v(d) + sum of normalisers
/// of one pass is a lower bound on the pairwise model: the messages move cost between variables and
/// edges and what is left of each is at least its least entry.
///
/// Passes with the minimum get stuck, or creep, far below the best messages. *Soft* messages do
/// not:
///   B. Savchynskyy, S. Schmidt, J. Kappes, C. Schnoerr, "Efficient MRF Energy Minimization via
///   Adaptive Diminishing Smoothing", UAI 2012.
/// They take -temperature * ln(sum over d of exp(-x_d / temperature)) for min_d x_d. That is less
/// than the minimum, and by the least of these differences the edge keeps more than its normaliser,
/// so that the bound needs no second look: it holds for soft messages as for any.

/// One arc of a sweep: where a variable meets one neighbour.
struct SweepArc {
  std::int32_t neighbour = 0;  ///< its position in the order
  std::int32_t stride = 0;     ///< padded row length of the neighbour
  std::uint32_t to = 0;        ///< the message this variable sends, an index into messages
  std::uint32_t rows = 0;      ///< into tables: rows over the neighbour's values, by own value
  std::uint32_t back = 0;      ///< into tables: rows over own values, by the neighbour's value
};

/// A variable with edges, in the order of the sweep. Its incoming messages lie one after the other,
/// rows of its own stride, in the order of its arcs.
struct SweepVariable {
  std::int32_t id = 0;   ///< in the model
  std::int32_t row = 0;  ///< of its unary and min-marginals
  std::int32_t domain = 0;
  std::int32_t stride = 0;
  std::uint32_t messages = 0;  ///< its first incoming message, an index into messages
  std::int32_t first_arc = 0;  ///< index into arcs; first those of earlier neighbours
  std::int32_t num_earlier = 0;
  std::int32_t num_later = 0;

  WARPSHARD_HD std::int32_t num_arcs() const { return num_earlier + num_later; }
};

/// State of the sweeps over a model, in the memory of the backend that runs them (not owned).
struct TrwsView {
  std::int32_t num_variables = 0;            ///< with edges
  const SweepVariable* variables = nullptr;  ///< [num_variables] in order
  const SweepArc* arcs = nullptr;            ///< [arcs]
  const float* tables = nullptr;             ///< as in ModelView
  const float* unary = nullptr;              ///< [rows] priced unary; padding about kPadCost
  float* messages = nullptr;                 ///< [rows of all arcs] cost units
  float* min_marginals = nullptr;            ///< [rows] cost units; written by every pass
  float temperature = 0;                     ///< of soft messages, cost units; 0 for the minimum
};

/// The two directions of a sweep.
enum class SweepDirection { kForward, kBackward };

/// to[e] = min_d(from[d] + table[d * stride + e]) for kColumns vectors of e.
template <int kColumns, class Group>
WARPSHARD_HD void min_columns(const float* from, std::int32_t domain, const float* table,
                              std::int32_t stride, float* to) {
  using Float = typename Group::Float;
  Float even[kColumns];
  Float odd[kColumns];
  for (int c = 0; c < kColumns; ++c)
    even[c] = odd[c] = Group::splat(from[0]) + Group::load(table + c * Group::kStep);
  std::int32_t d = 1;
  for (; d + 1 < domain; d += 2) {
    const float* row = table + static_cast<std::int64_t>(d) * stride;
    const Float first = Group::splat(from[d]);
    const Float second = Group::splat(from[d + 1]);
    for (int c = 0; c < kColumns; ++c) {
      even[c] = Group::min(first + Group::load(row + c * Group::kStep), even[c]);
      odd[c] = Group::min(second + Group::load(row + stride + c * Group::kStep), odd[c]);
    }
  }
  if (d < domain) {
    const float* row = table + static_cast<std::int64_t>(d) * stride;
    const Float last = Group::splat(from[d]);
    for (int c = 0; c < kColumns; ++c)
      even[c] = Group::min(last + Group::load(row + c * Group::kStep), even[c]);
  }
  for (int c = 0; c < kColumns; ++c)
    Group::store(to + c * Group::kStep, Group::min(even[c], odd[c]));
}

/// `value` in lanes whose index, counted from `at`, is below `count`; `otherwise` elsewhere.
template <class Group>
WARPSHARD_HD typename Group::Float keep_below(typename Group::Float value, std::int32_t at,
                                              std::int32_t count, float otherwise) {
  const auto outside = Group::inside(at, 0, count, Group::splat(0), 1);
  return Group::where_at_most(outside, 0, value, otherwise);
}

/// Sends one message: to[e] = min_d(from[d] + table[d * stride + e]) - normaliser, which makes the
/// least entry of to[0, receiver_domain) zero; padding becomes zero. Returns the normaliser (every
/// lane). Subtracting it keeps the values that matter small, hence precise: elsewhere a message may
/// hold entries a million times as large.
template <class Group>
WARPSHARD_HD float send_message(const float* from, std::int32_t domain, const float* table,
                                std::int32_t stride, std::int32_t receiver_domain, float* to) {
  using Float = typename Group::Float;
  std::int32_t e = Group::first();
  for (; e + 3 * Group::kStep < stride; e += 4 * Group::kStep)
    min_columns<4, Group>(from, domain, table + e, stride, to + e);
  if (e + Group::kStep < stride) {
    min_columns<2, Group>(from, domain, table + e, stride, to + e);
    e += 2 * Group::kStep;
  }
  if (e < stride) min_columns<1, Group>(from, domain, table + e, stride, to + e);

  Float least = Group::splat(kPadCost);
  for (e = Group::first(); e < stride; e += Group::kStep)
    least = Group::min(least, keep_below<Group>(Group::load(to + e), e, receiver_domain, kPadCost));
  const float normaliser = Group::reduce_min(least);
  for (e = Group::first(); e < stride; e += Group::kStep) {
    const Float message = Group::load(to + e) - Group::splat(normaliser);
    Group::store(to + e, keep_below<Group>(message, e, receiver_domain, 0));
  }
  return normaliser;
}

/// soft[e] = the soft minimum over d of from[d] + table[d * stride + e] for kColumns vectors of e;
/// `gap` becomes what the minimum is above it.
template <int kColumns, class Group>
WARPSHARD_HD void soft_columns(const float* from, std::int32_t domain, const float* table,
                               std::int32_t stride, float temperature, float* soft,
                               typename Group::Float* gap) {
  using Float = typename Group::Float;
  min_columns<kColumns, Group>(from, domain, table, stride, soft);
  // exp(-x) as (1 - x / 8)^8, zero from 8 on: no message needs it better.
  const Float sharpness = Group::splat(1.0F / (8.0F * temperature));
  Float least[kColumns];
  Float total[kColumns];
  for (int c = 0; c < kColumns; ++c) {
    least[c] = Group::load(soft + c * Group::kStep);
    total[c] = Group::splat(0.0F);
  }
  for (std::int32_t d = 0; d < domain; ++d) {
    const float* row = table + static_cast<std::int64_t>(d) * stride;
    for (int c = 0; c < kColumns; ++c) {
      const Float x = Group::splat(from[d]) + Group::load(row + c * Group::kStep);
      Float weight = (least[c] - x) * sharpness + Group::splat(1.0F);
      weight = Group::max(weight, Group::splat(0.0F));
      weight = weight * weight;
      weight = weight * weight;
      total[c] = total[c] + weight * weight;
    }
  }
  for (int c = 0; c < kColumns; ++c) {
    gap[c] = Group::splat(temperature) * log_at_least_one<Group>(total[c]);
    Group::store(soft + c * Group::kStep, least[c] - gap[c]);
  }
}

/// Sends one soft message. Returns what the edge is left with at least (every lane).
template <class Group>
WARPSHARD_HD float send_soft_message(const float* from, std::int32_t domain, const float* table,
                                     std::int32_t stride, std::int32_t receiver_domain,
                                     float temperature, float* to) {
  using Float = typename Group::Float;
  constexpr int kMostColumns = 4;
  Float gap[kMostColumns];
  Float least = Group::splat(kPadCost);
  Float least_gap = Group::splat(kPadCost);
  const auto note = [&](std::int32_t e, int columns) {
    for (int c = 0; c < columns; ++c, e += Group::kStep) {
      least =
          Group::min(least, keep_below<Group>(Group::load(to + e), e, receiver_domain, kPadCost));
      least_gap = Group::min(least_gap, keep_below<Group>(gap[c], e, receiver_domain, kPadCost));
    }
  };
  std::int32_t e = Group::first();
  for (; e + 3 * Group::kStep < stride; e += 4 * Group::kStep) {
    soft_columns<4, Group>(from, domain, table + e, stride, temperature, to + e, gap);
    note(e, 4);
  }
  if (e + Group::kStep < stride) {
    soft_columns<2, Group>(from, domain, table + e, stride, temperature, to + e, gap);
    note(e, 2);
    e += 2 * Group::kStep;
  }
  if (e < stride) {
    soft_columns<1, Group>(from, domain, table + e, stride, temperature, to + e, gap);
    note(e, 1);
  }
  const float normaliser = Group::reduce_min(least);
  for (e = Group::first(); e < stride; e += Group::kStep) {
    const Float message = Group::load(to + e) - Group::splat(normaliser);
    Group::store(to + e, keep_below<Group>(message, e, receiver_domain, 0));
  }
  return normaliser + Group::reduce_min(least_gap);
}

/// Adds up a variable's min-marginals and stores them; every lane gets their least.
template <class Group>
WARPSHARD_HD float collect_min_marginals(const TrwsView& view, const SweepVariable& variable) {
  using Float = typename Group::Float;
  const std::int32_t num_arcs = variable.num_arcs();
  Float least = Group::splat(kPadCost);
  for (std::int32_t d = Group::first(); d < variable.stride; d += Group::kStep) {
    const float* message = view.messages + variable.messages + d;
    Float sum = Group::load(view.unary + variable.row + d);
    std::int32_t a = 0;
    if constexpr (Group::size() > 1) {
      constexpr std::int32_t kTogether = 8;  // on their way
      for (; a + kTogether <= num_arcs; a += kTogether) {
        Float rows[kTogether];
        for (std::int32_t k = 0; k < kTogether; ++k, message += variable.stride)
          rows[k] = Group::load(message);
        for (std::int32_t k = 0; k < kTogether; ++k) sum = sum + rows[k];
      }
    }
    for (; a < num_arcs; ++a, message += variable.stride) sum = sum + Group::load(message);
    Group::store(view.min_marginals + variable.row + d, sum);
    least = Group::min(least, sum);
  }
  return Group::reduce_min(least);
}

/// The messages that a variable sends in a pass.
struct Sending {
  std::int32_t begin = 0;  ///< through arcs [begin, end), counted from its first
  std::int32_t end = 0;
  std::int32_t most = 0;  ///< arcs of either direction, whichever are more

  WARPSHARD_HD Sending(const SweepVariable& variable, SweepDirection direction) {
    const bool forward = direction == SweepDirection::kForward;
    begin = forward ? variable.num_earlier : 0;
    end = forward ? variable.num_arcs() : variable.num_earlier;
    most = variable.num_earlier > variable.num_later ? variable.num_earlier : variable.num_later;
  }
  /// Of the min-marginals, for each message.
  WARPSHARD_HD float share() const { return 1.0F / static_cast<float>(most); }
  /// What the variable keeps of its least min-marginal.
  WARPSHARD_HD double kept(float least) const {
    return static_cast<double>(most - (end - begin)) / most * least;
  }
};

/// Sends the message through a variable's arc a, counted from its first, once its min-marginals are
/// there. Returns what the edge is left with at least (every lane).
template <class Group>
WARPSHARD_HD float send_through(const TrwsView& view, const SweepVariable& variable, std::int32_t a,
                                float share, float* scratch) {
  const SweepArc& arc = view.arcs[variable.first_arc + a];
  const float* theta = view.min_marginals + variable.row;
  const float* back =
      view.messages + variable.messages + static_cast<std::int64_t>(a) * variable.stride;
  Group::sync();
  for (std::int32_t d = Group::first(); d < variable.stride; d += Group::kStep)
    Group::store(scratch + d, Group::splat(share) * Group::load(theta + d) - Group::load(back + d));
  Group::sync();
  const float* rows = view.tables + arc.rows;
  const std::int32_t receiver_domain = view.variables[arc.neighbour].domain;
  float* to = view.messages + arc.to;
  return view.temperature > 0
             ? send_soft_message<Group>(scratch, variable.domain, rows, arc.stride, receiver_domain,
                                        view.temperature, to)
             : send_message<Group>(scratch, variable.domain, rows, arc.stride, receiver_domain, to);
}

/// Visits one variable in a pass: its min-marginals, then its messages onwards. Returns its share
/// of the pass's bound (every lane). `scratch` is [max_stride] floats that the group alone uses.
template <class Group>
WARPSHARD_HD double visit_variable(const TrwsView& view, std::int32_t position,
                                   SweepDirection direction, float* scratch) {
  const SweepVariable& variable = view.variables[position];
  const Sending sending(variable, direction);
  double bound = sending.kept(collect_min_marginals<Group>(view, variable));
  const float share = sending.share();
  for (std::int32_t a = sending.begin; a < sending.end; ++a)
    bound += send_through<Group>(view, variable, a, share, scratch);
  return bound;
}

/// The same by a team of groups that share out the messages; what is returned holds for the team's
/// first group. `sent` is [arcs], what each edge is left with at least; `scratch` is this group's.
template <class Group, class Team>
WARPSHARD_HD double visit_hub(Team team, const TrwsView& view, std::int32_t position,
                              SweepDirection direction, float* scratch, float* sent) {
  const SweepVariable& variable = view.variables[position];
  const Sending sending(variable, direction);
  double bound = 0;
  if (team.rank() == 0) bound = sending.kept(collect_min_marginals<Group>(view, variable));
  team.sync();
  const float share = sending.share();
  float* const left = sent + variable.first_arc;
  for (std::int32_t a = sending.begin + team.rank(); a < sending.end; a += team.size()) {
    const float least = send_through<Group>(view, variable, a, share, scratch);
    if (Group::rank() == 0) left[a] = least;
  }
  team.sync();
  if (team.rank() != 0) return 0;
  // In the order of the arcs, as visit_variable() does it.
  for (std::int32_t a = sending.begin; a < sending.end; ++a) bound += left[a];
  return bound;
}

/// Conditions one variable on its earlier neighbours' values and on the messages of later ones, and
/// returns the least value (every lane). `values` is [num_variables] by position, `noise` [stride]
/// is added to the row, `scratch` is [max_stride] floats that the group alone uses. Visiting all
/// variables in order after a backward pass decodes an assignment.
template <class Group>
WARPSHARD_HD std::int32_t decode_variable(const TrwsView& view, std::int32_t position,
                                          const std::int32_t* values, const float* noise,
                                          float* scratch) {
  using Float = typename Group::Float;
  const SweepVariable& variable = view.variables[position];
  const std::int32_t num_arcs = variable.num_earlier + variable.num_later;
  Group::sync();
  for (std::int32_t d = Group::first(); d < variable.stride; d += Group::kStep) {
    Float sum = Group::load(view.unary + variable.row + d) + Group::load(noise + d);
    for (std::int32_t a = 0; a < variable.num_earlier; ++a) {
      const SweepArc& arc = view.arcs[variable.first_arc + a];
      sum =
          sum + Group::load(view.tables + arc.back +
                            static_cast<std::int64_t>(values[arc.neighbour]) * variable.stride + d);
    }
    const float* message = view.messages + variable.messages + d;
    for (std::int32_t a = variable.num_earlier; a < num_arcs; ++a)
      sum = sum + Group::load(message + static_cast<std::int64_t>(a) * variable.stride);
    Group::store(scratch + d, sum);
  }
  Group::sync();
  return Group::arg_min(scratch, variable.stride);
}

/// One pass over positions [begin, end) in the given direction; returns `bound`, what the positions
/// before them brought, with their share of the pass's bound.
template <class Group>
WARPSHARD_HD double sweep(const TrwsView& view, std::int32_t begin, std::int32_t end,
                          SweepDirection direction, float* scratch, double bound = 0) {
  if (direction == SweepDirection::kForward) {
    for (std::int32_t i = begin; i < end; ++i)
      bound += visit_variable<Group>(view, i, direction, scratch);
  } else {
    for (std::int32_t i = end - 1; i >= begin; --i)
      bound += visit_variable<Group>(view, i, direction, scratch);
  }
  return bound;
}

}  // namespace warpshard
