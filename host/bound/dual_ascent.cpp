#include "host/bound/dual_ascent.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <random>

#include "host/model/cost_scale.h"
#include "kernels/price_step.h"
#include "kernels/serial_group.h"

namespace warpshard {
namespace {

/// Gains below this part of the scale are not worth copying prices and messages for.
constexpr double kWorthKeeping = 1e-7;

/// Sweeps at the best prices before anything is read off there.
constexpr int kSettlingSweeps = 5;

/// A gap to the incumbent, as a part of the scale, that floats can hardly resolve.
constexpr double kNearlyClosed = 1e-5;
constexpr int kRefiningSweeps = 30;

/// Prices have a ceiling, as a multiple of what outweighs all that one variable can save: beyond
/// that a quantum of memory is dear enough, and if it cannot be met at such prices, it cannot.
constexpr double kMostPrice = 0x1p20;

/// Temperatures of a smooth ascent, as parts of the step rule's. Warm ones get far on most models,
/// cold ones further on some; each time the rule starts again, the next are taken.
struct Softness {
  double prices;
  double messages;
};
constexpr Softness kSoftness[] = {{10, 3}, {3, 1}, {1, 1}};
constexpr Softness kPlain{1, 0};

/// Of a smooth ascent: how much of their last move messages make again, and how often, and how
/// long, plain sweeps are tried.
constexpr float kMessageMomentum = 0.9F;
constexpr std::int64_t kRoundsBetweenPlain = 20;
constexpr int kPlainSweeps = 2;

/// The curvature is that at a temperature so many times the gradient's: what a step may turn.
constexpr double kCurvatureWarmth = 10;
/// Table entries that take as long to read as a round's price step spends on one time, span or pair
/// of spans.
constexpr std::int64_t kStepWork = 128;

double greatest_finite(std::span<const std::int64_t> entries) {
  double greatest = 0;
  bool any = false;
  for (const std::int64_t entry : entries) {
    if (forbids(entry)) continue;
    greatest = any ? std::max(greatest, static_cast<double>(entry)) : static_cast<double>(entry);
    any = true;
  }
  return greatest;
}

/// No assignment without forbidden entries costs more than this above the constant.
double cost_ceiling(const Model& model) {
  double ceiling = 0;
  for (std::int32_t v = 0; v < model.num_variables(); ++v)
    ceiling += greatest_finite(model.unary_of(v));
  std::vector<double> of_table;
  for (std::size_t t = 0; t + 1 < model.table_offsets.size(); ++t)
    of_table.push_back(greatest_finite({model.entries.data() + model.table_offsets[t],
                                        model.entries.data() + model.table_offsets[t + 1]}));
  for (const auto& edge : model.edges) ceiling += of_table[edge.table];
  return ceiling + 1e-6 * std::abs(ceiling);
}

}  // namespace

DualAscent::DualAscent(const Model& model, const FlatModel& flat, const DualOptions& options)
    : model_(&model),
      flat_(&flat),
      sweeps_(flat, options.order),
      constant_(static_cast<double>(model.constant.finite)),
      ceiling_(cost_ceiling(model)),
      scale_(options.scale > 0 ? options.scale : cost_scale(model)),
      rule_(model.num_times(), scale_, options.first_level, kMostPrice * flat.forbidden_cost),
      smooth_(options.smooth),
      straight_rounds_(options.straight_rounds),
      prices_(flat.capacity.size(), 0),
      best_prices_(flat.capacity.size(), 0),
      prefix_(flat.capacity.size() + 1, 0),
      gradient_(flat.capacity.size(), 0),
      passes_(options.passes ? options.passes(flat, sweeps_)
                             : std::make_unique<HostPasses>(flat, sweeps_, options.instructions)),
      kept_bound_(-std::numeric_limits<double>::infinity()),
      rounds_(options.rounds_before),
      best_bound_(-std::numeric_limits<double>::infinity()),
      incumbent_(std::numeric_limits<double>::infinity()) {
  ceiling_ += kNearlyClosed * scale_;  // for the rounding of bounds
  // A FlatModel lists each variable's arcs in the order of the model's edges.
  std::vector<std::int32_t> next(flat.arc_offsets);
  for (const auto& edge : model.edges) {
    work_per_round_ += 2 * std::ssize(model.table_of(edge));
    edge_messages_.push_back(sweeps_.message_of_arc(next[edge.u]++));
    edge_messages_.push_back(sweeps_.message_of_arc(next[edge.v]++));
  }
  if (straight_rounds_ > 0) return;
  bend_ = std::make_unique<Bend>(flat, sweeps_);
  const std::int64_t bending =
      kStepWork * (model.num_times() + std::ssize(bend_->curvature.spans()) +
                   std::ssize(bend_->curvature.pairs()));
  if (static_cast<double>(bending) > options.most_bending * static_cast<double>(work_per_round_)) {
    bend_.reset();
    straight_rounds_ = std::numeric_limits<std::int64_t>::max();
  } else {
    work_per_round_ += bending;
  }
}

void DualAscent::set_incumbent(Int128 finite_cost) {
  incumbent_.store(static_cast<double>(finite_cost - model_->constant.finite),
                   std::memory_order_relaxed);
}

void DualAscent::set_prices(std::span<const float> prices) {
  std::ranges::transform(prices, prices_.begin(), [this](float price) {
    return std::min<double>(price, rule_.most_price());
  });
}

void DualAscent::load_prices(std::span<const double> prices) {
  for (std::size_t t = 0; t < prices.size(); ++t) prefix_[t + 1] = prefix_[t] + prices[t];
  passes_->price(prefix_);
}

double DualAscent::forward_backward(double temperature, const StopToken& stop) {
  double fixed = 0;
  for (std::size_t t = 0; t < flat_->capacity.size(); ++t)
    fixed -= (prefix_[t + 1] - prefix_[t]) * flat_->capacity[t];
  const SweepBounds bounds = passes_->forward_backward(static_cast<float>(temperature), stop);
  forward_bound_ = fixed + bounds.forward;
  return fixed + bounds.backward;
}

void DualAscent::smoothed_gradient(double temperature) {
  passes_->expect_usage(static_cast<float>(temperature), gradient_);
  for (std::size_t t = 0; t < gradient_.size(); ++t) gradient_[t] -= flat_->capacity[t];
}

void DualAscent::overshoot() {
  if (moving_) {
    passes_->overshoot(kMessageMomentum);
  } else {
    passes_->copy(MessageSet::kCurrent, MessageSet::kLast);
    moving_ = true;
  }
}

void DualAscent::try_plain_sweeps(const StopToken& stop) {
  passes_->copy(MessageSet::kCurrent, MessageSet::kAside);
  double bound = 0;
  for (int i = 0; i < kPlainSweeps; ++i) bound = forward_backward(0, stop);
  if (!stop.stopped()) take_note(bound);
  passes_->copy(MessageSet::kAside, MessageSet::kCurrent);
  next_plain_ = rounds_ + kRoundsBetweenPlain;
}

void DualAscent::take_note(double bound) {
  if (bound > best_bound_.load(std::memory_order_relaxed))
    best_bound_.store(bound, std::memory_order_relaxed);
  if (!(bound <= kept_bound_ + kWorthKeeping * scale_)) keep(bound);
}

/// False if stopped before the round was done.
bool DualAscent::one_round(const StopToken& stop) {
  settled_ = false;
  proof_.reset();
  load_prices(prices_);
  const bool soft = smooth_ && rounds_ >= kFirstPlainRounds;
  if (soft) overshoot();
  const Softness softness = soft ? kSoftness[rule_.restarts() % std::size(kSoftness)] : kPlain;
  const double bound = forward_backward(softness.messages * rule_.temperature(), stop);
  if (stop.stopped()) return false;
  take_note(bound);
  ++rounds_;
  if (exceeds_every_plan()) return true;  // there is no optimum to aim at; prices would run away
  rule_.observe(bound, incumbent_.load(std::memory_order_relaxed));
  const double temperature = softness.prices * rule_.temperature();
  smoothed_gradient(temperature);
  const bool bent = rounds_ > straight_rounds_;
  if (bent) {
    if (!bend_) bend_ = std::make_unique<Bend>(*flat_, sweeps_);
    bend_->curvature.collect(passes_->rows(), kCurvatureWarmth * temperature);
  }
  if (soft && rounds_ >= next_plain_) try_plain_sweeps(stop);
  if (bent) {
    rule_.step(prices_, gradient_, bend_->program);
  } else {
    rule_.step(prices_, gradient_);
  }
  return true;
}

void DualAscent::run(const StopToken& stop, std::int64_t rounds) {
  for (; rounds > 0 && !stop.stopped(); --rounds)
    if (!one_round(stop)) return;
}

std::span<const float> DualAscent::message(std::int32_t edge, bool to_u) const {
  const auto& ends = model_->edges[edge];
  const std::int32_t receiver = to_u ? ends.u : ends.v;
  return passes_->messages(MessageSet::kBest)
      .subspan(edge_messages_[2 * edge + (to_u ? 0 : 1)], model_->domain(receiver));
}

void DualAscent::set_message(std::int32_t edge, bool to_u, std::span<const float> message) {
  passes_->set_messages(edge_messages_[2 * edge + (to_u ? 0 : 1)], message);
}

/// None when stopped.
const FixedPoint* DualAscent::proof(const StopToken& stop) {
  if (proof_) return proof_.get();
  if (!settle_at_best(stop)) return nullptr;
  auto proof = std::make_unique<FixedPoint>(*model_, *flat_, sweeps_, best_prices_,
                                            passes_->messages(MessageSet::kCurrent), stop);
  if (gap() < kNearlyClosed * scale_)
    proof->refine(
        model_->constant.finite + static_cast<Int128>(incumbent_.load(std::memory_order_relaxed)),
        kRefiningSweeps, stop);
  if (stop.stopped()) return nullptr;
  proof_ = std::move(proof);
  return proof_.get();
}

void DualAscent::keep(double bound) {
  kept_bound_ = bound;
  std::ranges::copy(prices_, best_prices_.begin());
  passes_->copy(MessageSet::kCurrent, MessageSet::kBest);
}

void DualAscent::transfer_messages(Archive& archive) {
  std::vector<MessageSet> sets = {MessageSet::kBest};
  if (moving_) sets.push_back(MessageSet::kLast);
  sets.push_back(MessageSet::kCurrent);  // the others pass through it when read
  for (const MessageSet set : sets) {
    std::vector<float> messages;
    if (!archive.reading()) {
      const auto now = passes_->messages(set);
      messages.assign(now.begin(), now.end());
    }
    archive(messages);
    if (!archive.reading()) continue;
    if (std::ssize(messages) != sweeps_.num_message_entries())
      throw ArchiveError("messages of another model");
    passes_->set_messages(0, messages);
    if (set != MessageSet::kCurrent) passes_->copy(MessageSet::kCurrent, set);
  }
}

void DualAscent::transfer(Archive& archive) {
  double best = best_bound_.load(std::memory_order_relaxed);
  double incumbent = incumbent_.load(std::memory_order_relaxed);
  archive(rule_, prices_, best_prices_, best, incumbent, forward_bound_, kept_bound_, moving_,
          rounds_, next_plain_);
  best_bound_.store(best, std::memory_order_relaxed);
  incumbent_.store(incumbent, std::memory_order_relaxed);
  if (prices_.size() != gradient_.size() || best_prices_.size() != gradient_.size())
    throw ArchiveError("prices of another model");
  transfer_messages(archive);
  if (!archive.reading()) return;
  settled_ = false;
  proof_.reset();
}

/// False if stopped before that was done.
bool DualAscent::settle_at_best(const StopToken& stop) {
  if (settled_) return true;
  load_prices(std::vector<double>(best_prices_.begin(), best_prices_.end()));
  passes_->copy(MessageSet::kBest, MessageSet::kCurrent);
  moving_ = false;
  for (int i = 0; i < kSettlingSweeps; ++i) forward_backward(0, stop);
  settled_ = !stop.stopped();
  return settled_;
}

ConditionalBounds DualAscent::conditional_bounds(const StopToken& stop) {
  if (!settle_at_best(stop)) return {};
  // Above the forward bound by as much as the value's min-marginal is above its variable's least:
  // the backward pass at the same prices only moves cost towards the variable it visits.
  const ModelView model = flat_->view();
  const TrwsView view = passes_->view();
  ConditionalBounds bounds;
  bounds.base = constant_ + forward_bound_;
  bounds.above.resize(flat_->unary.size());
  const auto fill = [&](std::int32_t v, const float* row) {
    const float least = least_of<SerialGroup>(row, model.stride(v));
    for (std::int32_t d = 0; d < model.stride(v); ++d)
      bounds.above[model.row_offsets[v] + d] = row[d] - least;
  };
  for (const SweepVariable& variable : sweeps_.variables())
    fill(variable.id, view.min_marginals + variable.row);
  for (const std::int32_t v : sweeps_.isolated()) fill(v, view.unary + model.row_offsets[v]);
  return bounds;
}

std::vector<double> DualAscent::probe(std::span<const Part> parts, int sweeps,
                                      const StopToken& stop) {
  if (!settle_at_best(stop)) return {};
  HostPasses passes(*flat_, sweeps_);
  passes.price(prefix_);
  const auto settled = passes_->messages(MessageSet::kCurrent);
  const std::vector<float> messages(settled.begin(), settled.end());
  const auto sweep_on = [&] {
    passes.load(MessageSet::kCurrent, messages);
    double bound = 0;
    for (int i = 0; i < sweeps; ++i) bound = passes.forward_backward(0, stop).backward;
    return bound;
  };
  const double before = sweep_on();
  std::vector<double> gains;
  for (const Part& part : parts) {
    if (stop.stopped()) return {};
    const std::int32_t row = flat_->row_offsets[part.variable];
    const std::span priced(passes.view().unary + row, model_->domain(part.variable));
    const std::vector<float> whole(priced.begin(), priced.end());
    std::vector<float> left(whole.size(), flat_->forbidden_cost);
    for (const std::int32_t d : part.values) left[d] = whole[d];
    passes.set_priced(row, left);
    gains.push_back(sweep_on() - before);
    passes.set_priced(row, whole);
  }
  return stop.stopped() ? std::vector<double>{} : gains;
}

std::vector<std::pair<std::int32_t, std::int32_t>> DualAscent::values_above(Int128 finite_cost,
                                                                            const StopToken& stop) {
  std::vector<std::pair<std::int32_t, std::int32_t>> values;
  const FixedPoint* proof = this->proof(stop);
  if (proof == nullptr) return values;
  for (std::int32_t v = 0; v < model_->num_variables(); ++v)
    for (std::int32_t d = 0; d < model_->domain(v); ++d)
      if (proof->costs_more(v, d, finite_cost)) values.emplace_back(v, d);
  return values;
}

Certificate DualAscent::certificate(const StopToken& stop) {
  const FixedPoint* proof = this->proof(stop);
  return proof == nullptr ? Certificate{} : proof->certificate();
}

Assignment DualAscent::decode(double noise, std::uint64_t seed, const StopToken& stop) {
  if (!settle_at_best(stop)) return {};
  const ModelView model = flat_->view();
  std::mt19937_64 random(seed);
  std::vector<float> row_noise(static_cast<std::size_t>(model.max_stride), 0);
  const auto draw_noise = [&](std::int32_t domain) {
    if (noise <= 0) return;
    for (std::int32_t d = 0; d < domain; ++d) {
      const double uniform = (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
      row_noise[d] = static_cast<float>(noise * std::log(-std::log(uniform)));
    }
  };
  Assignment assignment(static_cast<std::size_t>(model.num_variables), 0);
  const TrwsView view = passes_->view();
  std::vector<float> scratch(static_cast<std::size_t>(model.max_stride));
  std::vector<std::int32_t> values(static_cast<std::size_t>(view.num_variables), 0);
  for (std::int32_t i = 0; i < view.num_variables; ++i) {
    draw_noise(view.variables[i].domain);
    values[i] =
        decode_variable<SerialGroup>(view, i, values.data(), row_noise.data(), scratch.data());
    assignment[view.variables[i].id] = values[i];
  }
  for (const std::int32_t v : sweeps_.isolated()) {
    draw_noise(model.domains[v]);
    const float* row = view.unary + model.row_offsets[v];
    for (std::int32_t d = 0; d < model.stride(v); ++d) scratch[d] = row[d] + row_noise[d];
    assignment[v] = SerialGroup::arg_min(scratch.data(), model.stride(v));
  }
  return assignment;
}

}  // namespace warpshard
