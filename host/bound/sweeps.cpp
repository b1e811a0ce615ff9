#include "host/bound/sweeps.h"

#include <algorithm>
#include <numeric>

namespace warpshard {
namespace {

using Ids = std::vector<std::int32_t>;

std::span<const Arc> arcs_of(const FlatModel& model, std::int32_t v) {
  return {model.arcs.data() + model.arc_offsets[v], model.arcs.data() + model.arc_offsets[v + 1]};
}

/// Appends the part of v's component that is not yet `seen`, nearest first.
void append_breadth_first(const FlatModel& model, std::int32_t v, std::vector<bool>& seen,
                          Ids& order) {
  std::size_t next = order.size();
  order.push_back(v);
  seen[v] = true;
  for (; next < order.size(); ++next) {
    for (const Arc& arc : arcs_of(model, order[next])) {
      if (seen[arc.neighbour]) continue;
      seen[arc.neighbour] = true;
      order.push_back(arc.neighbour);
    }
  }
}

/// Components one after the other, each from one of its ends (the last found from anywhere).
Ids breadth_first(const FlatModel& model, const Ids& connected) {
  std::vector<bool> seen(model.domains.size(), false);
  std::vector<bool> placed(model.domains.size(), false);
  Ids order;
  for (const std::int32_t v : connected) {
    if (placed[v]) continue;
    Ids component;
    append_breadth_first(model, v, seen, component);
    append_breadth_first(model, component.back(), placed, order);
  }
  return order;
}

/// Greedy colouring, variables with many neighbours first; classes one after the other.
Ids by_colour(const FlatModel& model, const Ids& connected) {
  Ids order = connected;
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::int32_t v) { return arcs_of(model, v).size(); });
  std::vector<std::int32_t> colour(model.domains.size(), -1);
  for (const std::int32_t v : order) {
    std::vector<bool> taken(arcs_of(model, v).size() + 1, false);
    for (const Arc& arc : arcs_of(model, v)) {
      const std::int32_t other = colour[arc.neighbour];
      if (other >= 0 && other < std::ssize(taken)) taken[other] = true;
    }
    colour[v] = static_cast<std::int32_t>(std::ranges::find(taken, false) - taken.begin());
  }
  order = connected;
  std::ranges::stable_sort(order, {}, [&](std::int32_t v) { return colour[v]; });
  return order;
}

Ids ordered(const FlatModel& model, const Ids& connected, SweepOrder order) {
  switch (order) {
    case SweepOrder::kBreadthFirst:
      return breadth_first(model, connected);
    case SweepOrder::kColour:
      return by_colour(model, connected);
    case SweepOrder::kInput:
      break;
  }
  return connected;
}

}  // namespace

Sweeps::Sweeps(const FlatModel& model, SweepOrder order) : model_(&model) {
  const auto num_variables = static_cast<std::int32_t>(model.domains.size());
  Ids connected;
  for (std::int32_t v = 0; v < num_variables; ++v)
    (arcs_of(model, v).empty() ? isolated_ : connected).push_back(v);
  connected = ordered(model, connected, order);

  Ids position(static_cast<std::size_t>(num_variables), -1);
  for (std::size_t i = 0; i < connected.size(); ++i)
    position[connected[i]] = static_cast<std::int32_t>(i);

  // Where each arc of the model stands among its variable's arcs: earlier neighbours first.
  message_of_arc_.resize(model.arcs.size());
  Ids arc_order;
  for (const std::int32_t v : connected) {
    SweepVariable variable;
    variable.id = v;
    variable.row = model.row_offsets[v];
    variable.domain = model.domains[v];
    variable.stride = model.row_offsets[v + 1] - model.row_offsets[v];
    variable.messages = static_cast<std::uint32_t>(num_message_entries_);
    variable.first_arc = static_cast<std::int32_t>(arc_order.size());
    for (std::int32_t a = model.arc_offsets[v]; a < model.arc_offsets[v + 1]; ++a)
      arc_order.push_back(a);
    const auto mine = std::span(arc_order).subspan(variable.first_arc);
    std::ranges::sort(mine, {}, [&](std::int32_t a) { return position[model.arcs[a].neighbour]; });
    for (const std::int32_t a : mine) {
      const bool earlier = position[model.arcs[a].neighbour] < position[v];
      ++(earlier ? variable.num_earlier : variable.num_later);
      message_of_arc_[a] = static_cast<std::uint32_t>(num_message_entries_);
      num_message_entries_ += variable.stride;
    }
    variables_.push_back(variable);
  }

  arcs_.reserve(arc_order.size());
  for (const std::int32_t a : arc_order) {
    const Arc& arc = model.arcs[a];
    const std::int32_t n = arc.neighbour;
    arcs_.push_back({position[n], model.row_offsets[n + 1] - model.row_offsets[n],
                     message_of_arc_[arc.reverse], model.arcs[arc.reverse].rows, arc.rows});
  }
}

TrwsView Sweeps::view(const float* unary, float* messages, float* min_marginals,
                      float temperature) const {
  return {static_cast<std::int32_t>(variables_.size()),
          variables_.data(),
          arcs_.data(),
          model_->tables.data(),
          unary,
          messages,
          min_marginals,
          temperature};
}

}  // namespace warpshard
