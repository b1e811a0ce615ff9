#include "host/bound/fixed_point.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace warpshard {
namespace {

/// Fractional bits that are enough for any purpose.
constexpr int kMostBits = 24;

constexpr std::uint32_t kVisitsBetweenLooks = 16;
constexpr std::uint32_t kVariablesBetweenLooks = 64;
constexpr std::size_t kFloatsBetweenLooks = 1 << 15;

/// `unit` times as large, rounded down; what would not fit is cut off, which prices and messages
/// may be.
std::int64_t scaled_down(double value, double unit) {
  constexpr double kMost = 0x1p61;
  return static_cast<std::int64_t>(std::floor(std::clamp(value * unit, -kMost, kMost)));
}

/// What one is in units of 2^-bits; products with it are exact.
double units(int bits) {
  return std::ldexp(1.0, bits);
}

/// The greatest magnitude; of some of them when stopped.
float greatest_magnitude(std::span<const float> values, const StopToken& stop) {
  float greatest = 0;
  for (; !values.empty() && !stop.stopped();
       values = values.subspan(std::min(kFloatsBetweenLooks, values.size())))
    for (const float value : values.first(std::min(kFloatsBetweenLooks, values.size())))
      greatest = std::max(greatest, std::abs(value));
  return greatest;
}

int bits_left(double magnitude, int width) {
  return width - static_cast<int>(std::ceil(std::log2(std::max(magnitude, 1.0))));
}

}  // namespace

FixedPoint::FixedPoint(const Model& model, const FlatModel& flat, const Sweeps& sweeps,
                       std::span<const float> prices, std::span<const float> messages,
                       const StopToken& stop)
    : model_(model),
      flat_(flat),
      sweeps_(sweeps),
      unary_(flat.unary.size(), 0),
      min_marginals_(flat.unary.size(), 0),
      rest_(flat.domains.size(), 0),
      forward_share_(flat.domains.size(), 0),
      returned_(flat.domains.size(), 0),
      from_(static_cast<std::size_t>(flat.max_stride)) {
  choose_shifts(prices, messages, stop);
  round_inputs(prices, messages, stop);
  price_rows(stop);
  if (!stop.stopped()) round_trip(stop);
}

void FixedPoint::refine(Int128 finite_cost, int most, const StopToken& stop) {
  const Int128 target = finite_cost * (Int128{1} << std::max(shift_, 0));
  for (int i = 0; i < most && unscaled(bound_) < target && !stop.stopped(); ++i) {
    const Int128 before = bound_;
    round_trip(stop);
    if (unscaled(bound_ - before) * most < target - unscaled(bound_)) return;
  }
}

void FixedPoint::choose_shifts(std::span<const float> prices, std::span<const float> messages,
                               const StopToken& stop) {
  // Costs: a min-marginal, the sum of one unary entry and all messages, must fit in 61 bits.
  const auto quantum = static_cast<double>(flat_.usage_quantum);
  double dearest = 0;
  double total_price = 0;
  for (const float price : prices) {
    dearest = std::max(dearest, price / quantum);
    total_price += price / quantum;
  }
  double largest = 1;
  double greatest_usage = 1;
  StopGlance glance(stop, kVariablesBetweenLooks);
  for (std::int32_t v = 0; v < model_.num_variables() && !glance.stopped(); ++v) {
    double around = 0;
    for (const std::int64_t cost : model_.unary_of(v))
      around = std::max(around, forbids(cost) ? 0 : std::abs(static_cast<double>(cost)));
    for (const auto& segment : model_.segments_of(v)) {
      const auto usage = static_cast<double>(std::ranges::max(model_.usage_of(v, segment)));
      around = std::max(around, usage * total_price);
      greatest_usage = std::max(greatest_usage, usage);
    }
    const double degree = flat_.arc_offsets[v + 1] - flat_.arc_offsets[v];
    largest = std::max(largest, around + (degree + 1) * flat_.forbidden_cost);
  }
  largest = std::max({largest, 4.0 * greatest_magnitude(messages, stop),
                      4.0 * greatest_magnitude(flat_.tables, stop)});

  // Prices: every sum of price times memory must fit in 128 bits, each price in 61; and so must all
  // terms of a certificate.
  for (const std::int64_t capacity : model_.capacity)
    greatest_usage = std::max(greatest_usage, static_cast<double>(capacity));
  const double terms =
      static_cast<double>(model_.num_variables()) + static_cast<double>(model_.edges.size()) + 1;
  price_shift_ =
      std::clamp(std::min({bits_left(dearest, 61), bits_left(total_price * greatest_usage, 120),
                           bits_left(4 * largest * terms, 124)}),
                 0, 60);
  shift_ = std::min({bits_left(4 * largest, 61), price_shift_, kMostBits});
  forbidden_ = scaled_down(flat_.forbidden_cost, units(shift_));
}

void FixedPoint::round_inputs(std::span<const float> prices, std::span<const float> messages,
                              const StopToken& stop) {
  const auto quantum = static_cast<double>(flat_.usage_quantum);
  for (const float price : prices)
    prices_.push_back(scaled_down(price / quantum, units(price_shift_)));
  grow(messages_, messages.size(), stop);
  const double unit = units(shift_);
  for (std::size_t i = 0; i < messages_.size(); ++i) messages_[i] = scaled_down(messages[i], unit);
}

void FixedPoint::price_rows(const StopToken& stop) {
  std::vector<Int128> prefix(prices_.size() + 1, 0);
  for (std::size_t t = 0; t < prices_.size(); ++t) prefix[t + 1] = prefix[t] + prices_[t];
  const int down = price_shift_ - shift_;
  StopGlance glance(stop, kVariablesBetweenLooks);
  for (std::int32_t v = 0; v < model_.num_variables() && !glance.stopped(); ++v) {
    const std::int32_t row = flat_.row_offsets[v];
    for (std::int32_t d = 0; d < model_.domain(v); ++d) {
      Int128 memory = 0;
      for (const auto& segment : model_.segments_of(v))
        memory +=
            Int128{model_.usage_of(v, segment)[d]} * (prefix[segment.end] - prefix[segment.begin]);
      unary_[row + d] = scaled(model_.unary_of(v)[d]) + static_cast<std::int64_t>(memory >> down);
    }
  }
}

/// A cost in the units of the passes, rounded down; what is forbidden is dear.
std::int64_t FixedPoint::scaled(std::int64_t cost) const {
  if (forbids(cost)) return forbidden_;
  return shift_ >= 0 ? cost * (std::int64_t{1} << shift_) : cost >> -shift_;
}

/// A bound in units of 2^-max(shift, 0) cost units.
Int128 FixedPoint::unscaled(Int128 bound) const {
  return shift_ >= 0 ? bound : bound * (Int128{1} << -shift_);
}

/// Adds up a variable's min-marginals; returns their least.
std::int64_t FixedPoint::collect(const SweepVariable& variable) {
  const std::int32_t num_arcs = variable.num_earlier + variable.num_later;
  std::int64_t* theta = min_marginals_.data() + variable.row;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::int32_t d = 0; d < variable.domain; ++d) {
    theta[d] = unary_[variable.row + d];
    for (std::int32_t a = 0; a < num_arcs; ++a)
      theta[d] += messages_[variable.messages + static_cast<std::int64_t>(a) * variable.stride + d];
    least = std::min(least, theta[d]);
  }
  return least;
}

/// Sends a message through one of the variable's arcs; returns its normaliser.
std::int64_t FixedPoint::send(const SweepVariable& variable, std::int32_t arc_index) {
  const SweepArc& arc = sweeps_.arcs()[variable.first_arc + arc_index];
  const std::int64_t most = std::max(variable.num_earlier, variable.num_later);
  const std::int64_t* theta = min_marginals_.data() + variable.row;
  const std::int64_t* back =
      messages_.data() + variable.messages + static_cast<std::int64_t>(arc_index) * variable.stride;
  for (std::int32_t d = 0; d < variable.domain; ++d) from_[d] = theta[d] / most - back[d];
  const std::int32_t receiver_domain = sweeps_.variables()[arc.neighbour].domain;
  std::int64_t* to = messages_.data() + arc.to;
  std::int64_t normaliser = std::numeric_limits<std::int64_t>::max();
  for (std::int32_t e = 0; e < receiver_domain; ++e) {
    to[e] = std::numeric_limits<std::int64_t>::max();
    for (std::int32_t d = 0; d < variable.domain; ++d)
      to[e] = std::min(
          to[e],
          from_[d] +
              scaled(flat_.exact_tables[arc.rows + static_cast<std::int64_t>(d) * arc.stride + e]));
    normaliser = std::min(normaliser, to[e]);
  }
  for (std::int32_t e = 0; e < receiver_domain; ++e) to[e] -= normaliser;
  return normaliser;
}

/// What a variable keeps of its min-marginals where so many of its edges get a share, at least.
std::int64_t FixedPoint::least_kept(const SweepVariable& variable, std::int32_t shares) const {
  const std::int64_t most = std::max(variable.num_earlier, variable.num_later);
  const std::int64_t* theta = min_marginals_.data() + variable.row;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::int32_t d = 0; d < variable.domain; ++d)
    least = std::min(least, theta[d] - theta[d] / most * shares);
  return least;
}

/// The variable's F.
Int128 FixedPoint::go_forward(const SweepVariable& variable) {
  collect(variable);
  Int128 share = least_kept(variable, variable.num_later);
  for (std::int32_t a = variable.num_earlier; a < variable.num_earlier + variable.num_later; ++a)
    share += send(variable, a);
  return share;
}

/// What the variable adds to the bound at those before it, once it has been left behind.
Int128 FixedPoint::go_back(const SweepVariable& variable) {
  const std::int64_t most = std::max(variable.num_earlier, variable.num_later);
  const std::int64_t least_share = collect(variable) / most;
  Int128 share = least_kept(variable, variable.num_earlier);
  for (std::int32_t a = 0; a < variable.num_earlier; ++a) {
    const SweepArc& arc = sweeps_.arcs()[variable.first_arc + a];
    // Until the pass comes to the neighbour, only the share is certain.
    share += least_share;
    returned_[sweeps_.variables()[arc.neighbour].id] += send(variable, a) - Int128{least_share};
  }
  return share;
}

/// The constant, less the price of all capacity.
Int128 FixedPoint::base() const {
  Int128 priced = 0;
  for (std::size_t t = 0; t < prices_.size(); ++t)
    priced += Int128{prices_[t]} * model_.capacity[t];
  const Int128 constant = shift_ >= 0 ? model_.constant.finite * (Int128{1} << shift_)
                                      : model_.constant.finite >> -shift_;
  return constant + ((-priced) >> (price_shift_ - shift_));
}

/// A pass forward and one back.
void FixedPoint::round_trip(const StopToken& stop) {
  StopGlance glance(stop, kVisitsBetweenLooks);
  const auto variables = sweeps_.variables();
  Int128 bound = base();
  for (const SweepVariable& variable : variables) {
    if (glance.stopped()) return;
    bound += forward_share_[variable.id] = go_forward(variable);
  }
  for (const std::int32_t v : sweeps_.isolated()) {
    const std::int64_t* row = unary_.data() + flat_.row_offsets[v];
    std::copy_n(row, model_.domain(v), min_marginals_.data() + flat_.row_offsets[v]);
    bound += *std::min_element(row, row + model_.domain(v));
  }
  std::ranges::fill(returned_, 0);
  for (std::size_t i = variables.size(); i-- > 0;) {
    if (glance.stopped()) return;
    const std::int32_t v = variables[i].id;
    const Int128 added = go_back(variables[i]);
    bound += returned_[v] - forward_share_[v];
    rest_[v] = bound;
    bound += added;
  }
  for (const std::int32_t v : sweeps_.isolated()) {
    const std::int64_t* row = unary_.data() + flat_.row_offsets[v];
    rest_[v] = bound - *std::min_element(row, row + model_.domain(v));
  }
  bound_ = bound;
}

bool FixedPoint::costs_more(std::int32_t v, std::int32_t d, Int128 finite_cost) const {
  return unscaled(rest_[v] + min_marginals_[flat_.row_offsets[v] + d]) >
         finite_cost * (Int128{1} << std::max(shift_, 0));
}

Certificate FixedPoint::certificate() const {
  Certificate certificate;
  certificate.price_shift = price_shift_;
  certificate.message_shift = std::max(shift_, 0);
  certificate.prices = prices_;
  // After the backward pass an edge also holds its later end's share, sent to the earlier end.
  const std::int32_t n = model_.num_variables();
  std::vector<const SweepVariable*> variable_of(static_cast<std::size_t>(n), nullptr);
  for (const SweepVariable& variable : sweeps_.variables()) variable_of[variable.id] = &variable;
  const auto variables = sweeps_.variables();
  const auto in_cost_units = [&](std::int64_t message) {
    constexpr Int128 kMost = Int128{1} << 61;
    const Int128 exact = shift_ >= 0 ? message : message * (Int128{1} << -shift_);
    return static_cast<std::int64_t>(std::clamp(exact, -kMost, kMost));
  };
  const auto append = [&](std::int32_t to, std::int32_t from) {
    const SweepVariable& variable = *variable_of[to];
    std::int32_t a = 0;
    while (variables[sweeps_.arcs()[variable.first_arc + a].neighbour].id != from) ++a;
    const std::int64_t most = std::max(variable.num_earlier, variable.num_later);
    for (std::int32_t d = 0; d < variable.domain; ++d) {
      const std::int64_t message =
          messages_[variable.messages + static_cast<std::int64_t>(a) * variable.stride + d];
      const std::int64_t share = min_marginals_[variable.row + d] / most;
      certificate.messages.push_back(
          in_cost_units(a < variable.num_earlier ? message - share : message));
    }
  };
  for (const auto& edge : model_.edges) {
    append(edge.u, edge.v);
    append(edge.v, edge.u);
  }
  return certificate;
}

}  // namespace warpshard
