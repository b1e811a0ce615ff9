#include "host/bound/fixed_point.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace warpshard {
namespace {

/// Fractional bits that are enough for any purpose.
constexpr int kMostBits = 24;

constexpr std::uint32_t kVisitsBetweenLooks = 16;

std::int64_t shifted(double value, int bits) {
  return static_cast<std::int64_t>(std::floor(std::ldexp(value, bits)));
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
      least_(flat.domains.size(), 0),
      from_(static_cast<std::size_t>(flat.max_stride)) {
  choose_shifts(prices, messages);
  round_inputs(prices, messages);
  price_rows();
  forward_bound_ = pass(SweepDirection::kForward, stop);
  backward_bound_ = pass(SweepDirection::kBackward, stop);
}

void FixedPoint::refine(Int128 finite_cost, int most, const StopToken& stop) {
  const Int128 target = finite_cost * (Int128{1} << shift_);
  for (int i = 0; i < most && backward_bound_ < target && !stop.stopped(); ++i) {
    const Int128 before = backward_bound_;
    forward_bound_ = pass(SweepDirection::kForward, stop);
    backward_bound_ = pass(SweepDirection::kBackward, stop);
    if ((backward_bound_ - before) * most < target - backward_bound_) return;
  }
}

void FixedPoint::choose_shifts(std::span<const float> prices, std::span<const float> messages) {
  // Prices: every sum of price times memory must fit in 128 bits, each price in 63.
  const auto quantum = static_cast<double>(flat_.usage_quantum);
  double dearest = 0;
  double priced = 0;
  for (std::size_t t = 0; t < prices.size(); ++t) {
    dearest = std::max(dearest, prices[t] / quantum);
    priced += static_cast<double>(prices[t]) / quantum *
              static_cast<double>(std::max<std::int64_t>(model_.capacity[t], 1));
  }
  // A plan may need far more than the capacity: leave 20 bits on top.
  price_shift_ = std::clamp(std::min(bits_left(dearest, 61), bits_left(priced, 100)), 0, 60);

  // Costs: a min-marginal, the sum of one unary entry and all messages, must fit in 61 bits.
  double total_price = 0;
  for (const float price : prices) total_price += price;
  double largest = 1;
  for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
    double around = 0;
    for (const std::int64_t cost : model_.unary_of(v))
      around = std::max(around, is_forbidden(cost) ? 0 : std::abs(static_cast<double>(cost)));
    for (const auto& segment : model_.segments_of(v))
      for (const std::int64_t usage : model_.usage_of(v, segment))
        around = std::max(around, static_cast<double>(usage) / quantum * total_price);
    const double degree = flat_.arc_offsets[v + 1] - flat_.arc_offsets[v];
    largest = std::max(largest, around + (degree + 1) * flat_.forbidden_cost);
  }
  for (const float message : messages) largest = std::max(largest, 4.0 * std::abs(message));
  for (std::size_t i = 0; i < flat_.exact_tables.size(); ++i)
    largest = std::max(largest, 4.0 * std::abs(flat_.tables[i]));
  shift_ = std::clamp(std::min(bits_left(4 * largest, 61), price_shift_), 0, kMostBits);
  forbidden_ = shifted(flat_.forbidden_cost, shift_);
}

void FixedPoint::round_inputs(std::span<const float> prices, std::span<const float> messages) {
  const auto quantum = static_cast<double>(flat_.usage_quantum);
  for (const float price : prices) prices_.push_back(shifted(price / quantum, price_shift_));
  for (const float message : messages) messages_.push_back(shifted(message, shift_));
}

void FixedPoint::price_rows() {
  std::vector<Int128> prefix(prices_.size() + 1, 0);
  for (std::size_t t = 0; t < prices_.size(); ++t) prefix[t + 1] = prefix[t] + prices_[t];
  const int down = price_shift_ - shift_;
  for (std::int32_t v = 0; v < model_.num_variables(); ++v) {
    const std::int32_t row = flat_.row_offsets[v];
    for (std::int32_t d = 0; d < model_.domain(v); ++d) {
      Int128 memory = 0;
      for (const auto& segment : model_.segments_of(v))
        memory +=
            Int128{model_.usage_of(v, segment)[d]} * (prefix[segment.end] - prefix[segment.begin]);
      const std::int64_t cost = model_.unary_of(v)[d];
      unary_[row + d] = (is_forbidden(cost) ? forbidden_ : cost * (std::int64_t{1} << shift_)) +
                        static_cast<std::int64_t>(memory >> down);
    }
  }
}

std::int64_t FixedPoint::entry(std::int64_t table_index) const {
  const std::int64_t exact = flat_.exact_tables[table_index];
  return is_forbidden(exact) ? forbidden_ : exact * (std::int64_t{1} << shift_);
}

Int128 FixedPoint::visit(const SweepVariable& variable, SweepDirection direction) {
  const bool forward = direction == SweepDirection::kForward;
  const std::int32_t num_arcs = variable.num_earlier + variable.num_later;
  const std::int32_t begin = forward ? variable.num_earlier : 0;
  const std::int32_t end = forward ? num_arcs : variable.num_earlier;
  const std::int64_t most = std::max(variable.num_earlier, variable.num_later);
  std::int64_t* theta = min_marginals_.data() + variable.row;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t least_kept = least;
  for (std::int32_t d = 0; d < variable.domain; ++d) {
    theta[d] = unary_[variable.row + d];
    for (std::int32_t a = 0; a < num_arcs; ++a)
      theta[d] += messages_[variable.messages + static_cast<std::int64_t>(a) * variable.stride + d];
    least = std::min(least, theta[d]);
    least_kept = std::min(least_kept, theta[d] - theta[d] / most * (end - begin));
  }
  least_[variable.id] = least;
  Int128 bound = least_kept;
  for (std::int32_t a = begin; a < end; ++a) {
    const SweepArc& arc = sweeps_.arcs()[variable.first_arc + a];
    const std::int64_t* back =
        messages_.data() + variable.messages + static_cast<std::int64_t>(a) * variable.stride;
    for (std::int32_t d = 0; d < variable.domain; ++d) from_[d] = theta[d] / most - back[d];
    const std::int32_t receiver_domain = sweeps_.variables()[arc.neighbour].domain;
    std::int64_t* to = messages_.data() + arc.to;
    std::int64_t normaliser = std::numeric_limits<std::int64_t>::max();
    for (std::int32_t e = 0; e < receiver_domain; ++e) {
      to[e] = std::numeric_limits<std::int64_t>::max();
      for (std::int32_t d = 0; d < variable.domain; ++d)
        to[e] = std::min(
            to[e], from_[d] + entry(arc.rows + static_cast<std::int64_t>(d) * arc.stride + e));
      normaliser = std::min(normaliser, to[e]);
    }
    for (std::int32_t e = 0; e < receiver_domain; ++e) to[e] -= normaliser;
    bound += normaliser;
  }
  return bound;
}

Int128 FixedPoint::pass(SweepDirection direction, const StopToken& stop) {
  Int128 priced = 0;
  for (std::size_t t = 0; t < prices_.size(); ++t)
    priced += Int128{prices_[t]} * model_.capacity[t];
  const int down = price_shift_ - shift_;
  Int128 bound = model_.constant.finite * (Int128{1} << shift_) + ((-priced) >> down);
  for (const std::int32_t v : sweeps_.isolated()) {
    const std::int64_t* row = unary_.data() + flat_.row_offsets[v];
    std::copy_n(row, model_.domain(v), min_marginals_.data() + flat_.row_offsets[v]);
    least_[v] = *std::min_element(row, row + model_.domain(v));
    bound += least_[v];
  }
  const auto variables = sweeps_.variables();
  StopGlance glance(stop, kVisitsBetweenLooks);
  for (std::size_t i = 0; i < variables.size() && !glance.stopped(); ++i)
    bound += visit(
        direction == SweepDirection::kForward ? variables[i] : variables[variables.size() - 1 - i],
        direction);
  return bound;
}

bool FixedPoint::costs_more(std::int32_t v, std::int32_t d, Int128 finite_cost) const {
  // See DualAscent::conditional_bounds().
  const Int128 above = Int128{min_marginals_[flat_.row_offsets[v] + d]} - least_[v];
  return forward_bound_ + above > finite_cost * (Int128{1} << shift_);
}

Certificate FixedPoint::certificate() const {
  Certificate certificate;
  certificate.price_shift = price_shift_;
  certificate.message_shift = shift_;
  certificate.prices = prices_;
  // After the backward pass an edge also holds its later end's share, sent to the earlier end.
  const std::int32_t n = model_.num_variables();
  std::vector<const SweepVariable*> variable_of(static_cast<std::size_t>(n), nullptr);
  for (const SweepVariable& variable : sweeps_.variables()) variable_of[variable.id] = &variable;
  const auto variables = sweeps_.variables();
  const auto append = [&](std::int32_t to, std::int32_t from) {
    const SweepVariable& variable = *variable_of[to];
    std::int32_t a = 0;
    while (variables[sweeps_.arcs()[variable.first_arc + a].neighbour].id != from) ++a;
    const std::int64_t most = std::max(variable.num_earlier, variable.num_later);
    for (std::int32_t d = 0; d < variable.domain; ++d) {
      const std::int64_t message =
          messages_[variable.messages + static_cast<std::int64_t>(a) * variable.stride + d];
      const std::int64_t share = min_marginals_[variable.row + d] / most;
      certificate.messages.push_back(a < variable.num_earlier ? message - share : message);
    }
  };
  for (const auto& edge : model_.edges) {
    append(edge.u, edge.v);
    append(edge.v, edge.u);
  }
  return certificate;
}

}  // namespace warpshard
