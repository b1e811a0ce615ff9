#include "host/bound/prover.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "host/model/cost_scale.h"

namespace warpshard {
namespace {

/// The tree begins once twice the rounds raised the bound by less than this part of the gap, or of
/// the scale, but for the first rounds: branching gets further than prices and messages then.
constexpr double kFlat = 0.6;
constexpr double kFlatOfScale = 2e-4;
/// The gap where no cost is known, as a part of the scale.
constexpr double kGuessedGap = 0.025;
constexpr std::int64_t kLeastRounds = 500;
/// The ascent is looked at first after so many rounds, then each time after twice as many.
constexpr std::int64_t kFirstLook = 64;
/// The tree's root is where the ascent ended: a few rounds more show what can be dropped.
constexpr std::int64_t kRootRounds = 100;

DualOptions smooth(const Model& model, const ProverOptions& options, const WarmStart* start) {
  DualOptions dual;
  dual.smooth = true;
  dual.straight_rounds = kFirstPlainRounds;
  dual.order = options.order;
  dual.passes = options.passes;
  dual.scale = cost_scale(model);
  return start != nullptr ? start->options(dual) : dual;
}

}  // namespace

Prover::Prover(const Model& model, const FlatModel& flat, const ProverOptions& options,
               const WarmStart* start)
    : model_(model),
      flat_(flat),
      options_(options),
      ascent_(model, flat, smooth(model, options, start)),
      next_look_(kFirstLook),
      bound_at_look_(-std::numeric_limits<double>::infinity()) {
  if (start == nullptr) return;
  start->state.hand_to(ascent_, model, flat);
  bound_at_look_ = start->bound - static_cast<double>(model.constant.finite);
  while (next_look_ <= start->rounds) next_look_ *= 2;
}

void Prover::set_incumbent(Int128 finite_cost) {
  incumbent_ = incumbent_ ? std::min(*incumbent_, finite_cost) : finite_cost;
  ascent_.set_incumbent(*incumbent_);
  if (tree_) tree_->set_incumbent(*incumbent_);
}

void Prover::run(const StopToken& stop, const FoundCallback& on_found) {
  while (!stop.stopped() && !closed()) {
    if (tree_) {
      tree_->run(stop, on_found);
    } else {
      ascend(stop);
    }
  }
}

void Prover::ascend(const StopToken& stop, std::int64_t most_rounds) {
  ascent_.run(stop, std::min(next_look_ - ascent_.rounds(), most_rounds));
  if (ascent_.rounds() < next_look_) return;
  certify(stop);
  if (stop.stopped()) return;
  next_look_ *= 2;
  const double gain = ascent_.bound_above_constant() - bound_at_look_;
  bound_at_look_ = ascent_.bound_above_constant();
  if (options_.branch && ascent_.rounds() >= kLeastRounds && !closed() && is_flat(gain))
    begin_tree();
}

bool Prover::is_flat(double gain) const {
  const double gap = std::min(ascent_.gap(), kGuessedGap * ascent_.scale());
  return gain < std::max(kFlat * gap, kFlatOfScale * ascent_.scale());
}

void Prover::begin_tree() {
  if (!tree_) begin_tree(AscentState(model_, flat_, ascent_));
}

void Prover::begin_tree(AscentState start) {
  BranchOptions options;
  options.threads = options_.threads;
  options.state_bytes = options_.part_bytes;
  options.root_rounds = kRootRounds;
  options.staged = options_.record == nullptr && model_.num_variables() > kSmallModel;
  if (!options.staged) options.root_probes = 0;
  options.record = options_.record;
  tree_ = std::make_unique<BranchAndBound>(model_, options, std::move(start));
  if (incumbent_) tree_->set_incumbent(*incumbent_);
}

void Prover::transfer(Archive& archive) {
  bool has_tree = tree_ != nullptr;
  archive(has_tree, incumbent_, certified_, none_allowed_, next_look_, bound_at_look_);
  ascent_.transfer(archive);
  if (archive.reading() && has_tree) begin_tree(AscentState(model_));
  if (has_tree) tree_->transfer(archive);
}

void Prover::certify(const StopToken& stop) {
  if (tree_) return;
  Certificate certificate = ascent_.certificate(stop);
  const auto certified = certified_bound(model_, certificate, stop);
  if (!certified) return;
  none_allowed_ = certified->none_allowed;
  if (!none_allowed_ && certified_ && certified->bound <= *certified_) return;
  certified_ = certified->bound;
  certificate_ = std::move(certificate);
}

bool Prover::none_allowed() const {
  return none_allowed_ || (tree_ && tree_->closed() && !tree_->bound());
}

std::optional<Int128> Prover::bound() const {
  if (none_allowed()) return std::nullopt;
  std::optional<Int128> best = certified_;
  if (tree_)
    if (const auto bound = tree_->bound()) best = std::max(best.value_or(*bound), *bound);
  if (best && incumbent_) best = std::min(*best, *incumbent_);
  return best;
}

bool Prover::closed() const {
  if (none_allowed_ || (tree_ && tree_->closed())) return true;
  return incumbent_ && certified_ && *certified_ >= *incumbent_;
}

}  // namespace warpshard
