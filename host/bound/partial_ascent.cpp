#include "host/bound/partial_ascent.h"

#include <algorithm>
#include <utility>

#include "host/model/cost_scale.h"

namespace warpshard {
namespace {

/// Visits both messages of every edge of a restriction: its edge, whether it goes to u, the
/// receiver, and where the message starts among the model's.
template <typename Visit>
void for_each_message(const Model& model, const Restriction& restriction, const Visit& visit) {
  std::size_t at = 0;
  std::int32_t original = 0;
  for (std::size_t e = 0; e < restriction.edges.size(); ++e) {
    for (; original < restriction.edges[e]; ++original)
      at += static_cast<std::size_t>(model.domain(model.edges[original].u)) +
            model.domain(model.edges[original].v);
    const auto& ends = restriction.model.edges[e];
    visit(static_cast<std::int32_t>(e), true, ends.u, at);
    visit(static_cast<std::int32_t>(e), false, ends.v,
          at + model.domain(restriction.variables[ends.u]));
  }
}

DualOptions at_scale(DualOptions options, double scale) {
  options.scale = scale;
  return options;
}

}  // namespace

AscentState::AscentState(const Model& model)
    : prices(model.capacity.size(), 0), scale(cost_scale(model)) {
  std::size_t entries = 0;
  for (const auto& edge : model.edges)
    entries += static_cast<std::size_t>(model.domain(edge.u)) + model.domain(edge.v);
  messages.assign(entries, 0);
}

AscentState::AscentState(const Model& model, const FlatModel& flat, const DualAscent& ascent)
    : scale(ascent.scale()), level(ascent.level()) {
  for (const float price : ascent.prices())
    prices.push_back(price / static_cast<float>(flat.usage_quantum));
  for (std::size_t e = 0; e < model.edges.size(); ++e) {
    for (const bool to_u : {true, false}) {
      const auto message = ascent.message(static_cast<std::int32_t>(e), to_u);
      messages.insert(messages.end(), message.begin(), message.end());
    }
  }
}

void AscentState::hand_to(DualAscent& ascent, const Model& model, const FlatModel& flat) const {
  std::vector<float> row;
  for (const float price : prices) row.push_back(price * static_cast<float>(flat.usage_quantum));
  ascent.set_prices(row);
  const float* at = messages.data();
  for (std::size_t e = 0; e < model.edges.size(); ++e) {
    for (const bool to_u : {true, false}) {
      const auto& edge = model.edges[e];
      const auto domain = static_cast<std::size_t>(model.domain(to_u ? edge.u : edge.v));
      ascent.set_message(static_cast<std::int32_t>(e), to_u, {at, domain});
      at += domain;
    }
  }
}

WarmStart::WarmStart(const Model& model, const FlatModel& flat, const DualAscent& ascent)
    : state(model, flat, ascent), bound(ascent.bound()), rounds(ascent.rounds()) {}

DualOptions WarmStart::options(DualOptions options) const {
  options.rounds_before = rounds;
  if (state.level > 0)
    options.first_level = std::min(options.first_level, kLevelAgain * state.level / options.scale);
  return options;
}

PartialAscent::PartialAscent(const Model& model, Restriction restriction, const AscentState& state,
                             const DualOptions& options, const StopToken& stop)
    : model_(model),
      restriction_(std::move(restriction)),
      flat_(restriction_.model, stop),
      ascent_(restriction_.model, flat_, at_scale(options, state.scale)) {
  std::vector<float> row;
  for (const std::int32_t t : restriction_.times)
    row.push_back(state.prices[t] * static_cast<float>(flat_.usage_quantum));
  ascent_.set_prices(row);
  const Model& part = restriction_.model;
  for_each_message(
      model_, restriction_, [&](std::int32_t edge, bool to_u, std::int32_t v, std::size_t at) {
        row.clear();
        for (std::int32_t i = part.value_offsets[v]; i < part.value_offsets[v + 1]; ++i)
          row.push_back(state.messages[at + restriction_.values[i]]);
        ascent_.set_message(edge, to_u, row);
      });
}

void PartialAscent::save(AscentState& state) const {
  state.level = ascent_.level();
  const auto quantum = static_cast<float>(flat_.usage_quantum);
  std::ranges::fill(state.prices, 0.0F);  // times that are not watched need no price
  for (std::size_t t = 0; t < restriction_.times.size(); ++t)
    state.prices[restriction_.times[t]] = ascent_.prices()[t] / quantum;
  const Model& part = restriction_.model;
  for_each_message(
      model_, restriction_, [&](std::int32_t edge, bool to_u, std::int32_t v, std::size_t at) {
        const auto message = ascent_.message(edge, to_u);
        for (std::int32_t d = 0; d < part.domain(v); ++d)
          state.messages[at + restriction_.values[part.value_offsets[v] + d]] = message[d];
      });
}

}  // namespace warpshard
