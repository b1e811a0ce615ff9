#include "host/bound/prover.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/bound/partial_ascent.h"

namespace warpshard {
namespace {

/// Prices and messages bring no more once twice the time raised the bound by less than this share.
constexpr double kFlat = 2e-4;
/// The ascent is looked at first after so long, and no sooner than it has done so many rounds.
constexpr std::chrono::duration<double> kFirstLook{0.01};
constexpr std::int64_t kLeastRounds = 500;
/// The tree's root is where the ascent ended: a few rounds more show what can be dropped.
constexpr std::int64_t kRootRounds = 100;

DualOptions smooth(const ProverOptions& options) {
  DualOptions dual;
  dual.smooth = true;
  dual.order = options.order;
  dual.passes = options.passes;
  return dual;
}

}  // namespace

Prover::Prover(const Model& model, const FlatModel& flat, const ProverOptions& options,
               std::span<const float> prices)
    : model_(model),
      flat_(flat),
      options_(options),
      ascent_(model, flat, smooth(options)),
      next_look_(kFirstLook),
      bound_at_look_(-std::numeric_limits<double>::infinity()) {
  if (!prices.empty()) ascent_.set_prices(prices);
}

void Prover::set_incumbent(Int128 finite_cost) {
  incumbent_ = incumbent_ ? std::min(*incumbent_, finite_cost) : finite_cost;
  ascent_.set_incumbent(static_cast<double>(*incumbent_));
  if (tree_) tree_->set_incumbent(*incumbent_);
}

void Prover::run(Time deadline, const std::atomic<bool>& stop, const FoundCallback& on_found) {
  while (!stop && std::chrono::steady_clock::now() < deadline && !closed()) {
    if (!tree_) {
      ascend(deadline, stop);
      continue;
    }
    tree_->run(deadline, stop, on_found);
    none_allowed_ = tree_->closed() && !tree_->bound();
  }
}

void Prover::ascend(Time deadline, const std::atomic<bool>& stop) {
  using std::chrono::steady_clock;
  const auto begin = steady_clock::now();
  const auto until_look =
      std::chrono::duration_cast<steady_clock::duration>(next_look_ - ascended_);
  ascent_.run(std::min(deadline, begin + until_look), stop);
  ascended_ += steady_clock::now() - begin;
  if (ascended_ < next_look_) return;
  next_look_ = 2 * ascended_;
  certify();
  const double gain = ascent_.bound() - bound_at_look_;
  bound_at_look_ = ascent_.bound();
  if (options_.branch && ascent_.rounds() >= kLeastRounds && !closed() &&
      gain < kFlat * std::abs(bound_at_look_))
    begin_tree();
}

void Prover::begin_tree() {
  BranchOptions options;
  options.threads = options_.threads;
  options.state_bytes = options_.part_bytes;
  options.root_rounds = kRootRounds;
  options.staged = model_.num_variables() > kSmallModel;
  tree_ = std::make_unique<BranchAndBound>(model_, options, AscentState(model_, flat_, ascent_));
  if (incumbent_) tree_->set_incumbent(*incumbent_);
}

void Prover::certify() {
  if (tree_) return;
  const auto certified = certified_bound(model_, ascent_.certificate());
  if (!certified) return;
  none_allowed_ = certified->none_allowed;
  if (!none_allowed_)
    certified_ = std::max(certified_.value_or(certified->bound), certified->bound);
}

std::optional<Int128> Prover::bound() const {
  if (none_allowed_) return std::nullopt;
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
