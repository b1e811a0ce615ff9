#include "host/bound/branch_and_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "host/bound/branching.h"
#include "host/bound/certificate.h"
#include "host/bound/dual_ascent.h"
#include "host/bound/partial_ascent.h"

namespace warpshard {
namespace {

constexpr Int128 kNoCost = Int128{1} << 120;

/// Rounds between looks at how fast the bound rises.
constexpr std::int64_t kChunk = 20;
/// Go on with a node's ascent if it could reach the incumbent within so many more chunks.
constexpr double kChunksAhead = 15;
constexpr std::int64_t kPatience = 100;
/// Start over with the smaller model if reduced costs take this part of the values.
constexpr double kWorthRestart = 0.1;
constexpr int kMostRestarts = 4;
/// The first steps of an ascent that starts from its parent's prices, as a part of the bound.
constexpr double kWarmLevel = 0.01;
/// The goal rises by this part of the gap that is left, or of the gap at the root if that is more;
/// without an incumbent by a part of the bound, twice as much each time.
constexpr double kGoalStep = 0.25;
constexpr double kLeastGoalStep = 1.0 / 16;
constexpr double kBlindGoalStep = 1e-3;

/// Values this far above their variable's best, as a part of the gap to the goal, count 1/e as much
/// where a split is chosen.
constexpr double kSpread = 0.02;
/// The gap where no cost is known, as a part of the bound.
constexpr double kGuessedGap = 0.1;

double gap_to(Int128 cost, Int128 bound) {
  return cost == kNoCost ? kGuessedGap * std::abs(static_cast<double>(bound)) + 1
                         : static_cast<double>(cost - bound);
}

/// A share of a cost's magnitude, at least one.
Int128 part_of(Int128 cost, double share) {
  return static_cast<Int128>(share * std::abs(static_cast<double>(cost))) + 1;
}

}  // namespace

struct BranchAndBound::Node {
  ValueSet removed;  ///< [values of the model]
  Int128 bound = -kNoCost;
  std::shared_ptr<const AscentState> state;  ///< what its ascent starts from
  bool warm = false;                         ///< the state comes from an ascent on much the same
  bool explored = false;                     ///< an ascent has been made here or at an ancestor
  int depth = 0;
};

/// A node's restriction with what is needed to branch on it; no variable if it was stopped before
/// that was known.
struct BranchAndBound::Part {
  Restriction restriction;
  Branching branching;
};

namespace {

/// Order of the heap: the least bound on top, the deeper one of equals.
struct Later {
  template <typename Pointer>
  bool operator()(const Pointer& a, const Pointer& b) const {
    return a->bound != b->bound ? a->bound > b->bound : a->depth < b->depth;
  }
};

}  // namespace

BranchAndBound::BranchAndBound(const Model& model, const BranchOptions& options)
    : BranchAndBound(model, options, AscentState(model)) {
  open_.front()->warm = false;
}

BranchAndBound::BranchAndBound(const Model& model, const BranchOptions& options, AscentState start)
    : model_(model),
      options_(options),
      incumbent_(kNoCost),
      goal_(kNoCost),
      floor_(-kNoCost),
      blind_step_(kBlindGoalStep) {
  auto root = std::make_unique<Node>();
  root->removed.assign(model.unary.size(), false);
  root->state = std::make_shared<const AscentState>(std::move(start));
  root->warm = true;
  open_.push_back(std::move(root));
}

BranchAndBound::~BranchAndBound() = default;

void BranchAndBound::set_incumbent(Int128 finite_cost) {
  const std::lock_guard lock(mutex_);
  incumbent_ = std::min(incumbent_, finite_cost);
}

Int128 BranchAndBound::incumbent() const {
  const std::lock_guard lock(mutex_);
  return incumbent_;
}

Int128 BranchAndBound::goal() const {
  const std::lock_guard lock(mutex_);
  return std::min(goal_, incumbent_);
}

void BranchAndBound::rely_on_goal() {
  const std::lock_guard lock(mutex_);
  relied_on_goal_ = true;
}

void BranchAndBound::set_goal(Int128 bound) {
  relied_on_goal_ = false;
  if (incumbent_ == kNoCost) {
    goal_ = bound + part_of(bound, blind_step_);
    blind_step_ *= 2;
    return;
  }
  const Int128 gap = incumbent_ - bound;
  if (first_gap_ == 0) first_gap_ = gap;
  goal_ = bound + std::max(part_of(gap, kGoalStep), part_of(first_gap_, kLeastGoalStep));
}

std::optional<Int128> BranchAndBound::bound() const {
  const std::lock_guard lock(mutex_);
  Int128 least = std::min(goal_, incumbent_);
  for (const auto& node : open_) least = std::min(least, node->bound);
  for (const Node* node : busy_) least = std::min(least, node->bound);
  least = std::max(least, floor_);
  if (least == -kNoCost || least == kNoCost) return std::nullopt;
  return least;
}

bool BranchAndBound::closed() const {
  const std::lock_guard lock(mutex_);
  return busy_.empty() && goal_ >= incumbent_ &&
         std::ranges::all_of(open_, [&](const auto& node) { return node->bound >= incumbent_; });
}

std::int64_t BranchAndBound::num_nodes() const {
  const std::lock_guard lock(mutex_);
  return num_nodes_;
}

std::int64_t BranchAndBound::num_open() const {
  const std::lock_guard lock(mutex_);
  return std::ssize(open_);
}

bool BranchAndBound::Limits::reached() const {
  return stop || std::chrono::steady_clock::now() >= deadline;
}

void BranchAndBound::run(std::chrono::steady_clock::time_point deadline,
                         const std::atomic<bool>& stop, const FoundCallback& on_found) {
  const Limits limits{deadline, stop};
  std::vector<std::jthread> helpers;
  for (int i = 1; i < options_.threads; ++i) helpers.emplace_back([&] { work(limits, on_found); });
  work(limits, on_found);
}

void BranchAndBound::work(const Limits& limits, const FoundCallback& on_found) {
  while (!limits.reached()) {
    const NodePointer node = take();
    if (node) {
      finish(node.get(), expand(*node, limits, on_found));
      continue;
    }
    {
      const std::lock_guard lock(mutex_);
      if (busy_.empty()) return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // others may still open new parts
  }
}

BranchAndBound::NodePointer BranchAndBound::take() {
  const std::lock_guard lock(mutex_);
  if (open_.empty() || open_.front()->bound >= std::min(goal_, incumbent_)) {
    open_.clear();
    if (!busy_.empty()) return nullptr;
    if (!relied_on_goal_) goal_ = kNoCost;
    if (goal_ >= incumbent_) return nullptr;
    floor_ = goal_;
    set_goal(floor_);
    open_.push_back(std::make_unique<Node>(*root_));
  }
  std::ranges::pop_heap(open_, Later{});
  NodePointer node = std::move(open_.back());
  open_.pop_back();
  busy_.push_back(node.get());
  ++num_nodes_;
  return node;
}

void BranchAndBound::finish(const Node* node, std::vector<NodePointer> children) {
  const std::lock_guard lock(mutex_);
  std::erase(busy_, node);
  for (auto& child : children) {
    open_.push_back(std::move(child));
    std::ranges::push_heap(open_, Later{});
  }
  if (root_ || !node->explored || !options_.staged) return;
  root_ = std::make_unique<Node>(*node);
  root_->removed.assign(root_->removed.size(), false);
  set_goal(node->bound);
}

void BranchAndBound::report(const Assignment& assignment, const FoundCallback& on_found) {
  const Cost cost = cost_of(model_, assignment);
  if (cost.forbidden > 0 || !fits(model_, assignment)) return;
  const std::lock_guard lock(mutex_);
  if (cost.finite >= incumbent_) return;
  incumbent_ = cost.finite;
  if (on_found) on_found(assignment, cost.finite);
}

std::vector<BranchAndBound::NodePointer> BranchAndBound::expand(Node& node, const Limits& limits,
                                                                const FoundCallback& on_found) {
  const auto part = bound_part(node, limits, on_found);
  std::vector<NodePointer> children;
  if (!part) return children;
  if (part->branching.variable < 0) {
    children.push_back(std::make_unique<Node>(node));
    return children;
  }
  const Branching& branching = part->branching;
  const Restriction& restriction = part->restriction;
  const std::int32_t variable = restriction.variables[branching.variable];
  const std::int32_t first_value = restriction.model.value_offsets[branching.variable];
  for (const auto* others : {&branching.second, &branching.first}) {
    auto child = std::make_unique<Node>(node);
    for (const std::int32_t d : *others)
      child->removed[model_.value_offsets[variable] + restriction.values[first_value + d]] = true;
    child->depth = node.depth + 1;
    children.push_back(std::move(child));
  }
  return children;
}

/// Ascends until the bound meets the incumbent, rises too slowly to get there, or time is up.
void BranchAndBound::ascend(DualAscent& ascent, const Node& node, const Limits& limits) const {
  const Int128 cost = goal();
  const double target =
      cost == kNoCost ? std::numeric_limits<double>::infinity() : static_cast<double>(cost);
  ascent.set_incumbent(target);
  const std::int64_t rounds = node.explored ? options_.rounds : options_.root_rounds;
  double before = -std::numeric_limits<double>::infinity();
  for (std::int64_t done = 0; done < rounds; done += kChunk) {
    ascent.run(DualAscent::Time::max(), limits.stop, kChunk);
    const double gain = ascent.bound() - before;
    before = ascent.bound();
    const double left = target - before;
    if (left < 0 || ascent.exceeds_every_plan() || limits.stop) return;
    // The level falls from its start for a while before the bound begins to rise.
    if (node.explored && done >= kPatience && gain * kChunksAhead < left) return;
  }
}

void BranchAndBound::save_state(Node& node, const PartialAscent& partial) const {
  const std::size_t bytes =
      sizeof(float) * (node.state->prices.size() + node.state->messages.size());
  // Both halves of a split share their parent's.
  if (static_cast<std::size_t>(num_open()) / 2 * bytes > options_.state_bytes) return;
  auto state = std::make_shared<AscentState>(*node.state);
  partial.save(*state);
  node.state = std::move(state);
}

std::optional<BranchAndBound::Part> BranchAndBound::bound_part(Node& node, const Limits& limits,
                                                               const FoundCallback& on_found) {
  for (int restart = 0;; ++restart) {
    auto restriction = restrict_model(model_, node.removed);
    if (!restriction) return std::nullopt;
    if (restriction->model.num_variables() == 0) {
      report(extend(*restriction, {}), on_found);
      return std::nullopt;
    }
    DualOptions options;
    if (node.warm) options.first_level = kWarmLevel;
    PartialAscent partial(model_, std::move(*restriction), *node.state, options);
    DualAscent& ascent = partial.ascent();
    ascend(ascent, node, limits);
    if (limits.stop) return Part{partial.restriction(), {}};

    const Assignment decoded = ascent.decode(0, 0);
    report(extend(partial.restriction(), decoded), on_found);
    const Int128 target = goal();
    const Certificate certificate = ascent.certificate();
    const auto certified = certified_bound(partial.part(), certificate);
    if (certified) {
      if (certified->none_allowed) return std::nullopt;
      const std::lock_guard lock(mutex_);  // bound() reads busy nodes
      node.bound = std::max(node.bound, std::min(certified->bound, target));
    }
    save_state(node, partial);
    node.warm = node.explored = true;
    if (node.bound >= target) {
      rely_on_goal();
      return std::nullopt;
    }

    const auto dear = target == kNoCost ? std::vector<std::pair<std::int32_t, std::int32_t>>{}
                                        : ascent.values_above(target - 1);
    if (!dear.empty()) rely_on_goal();
    const Model& part = partial.part();
    for (const auto& [v, d] : dear)
      node.removed[model_.value_offsets[partial.restriction().variables[v]] +
                   partial.restriction().values[part.value_offsets[v] + d]] = true;
    const auto values = static_cast<double>(part.unary.size());
    if (static_cast<double>(dear.size()) > kWorthRestart * values && restart < kMostRestarts)
      continue;

    const auto bounds = ascent.conditional_bounds();
    const double gap = gap_to(incumbent(), node.bound);
    const double spread = kSpread * gap_to(target, node.bound);
    Branching branching =
        choose_branching({part, partial.flat(), certificate, bounds, decoded, gap, spread});
    return Part{partial.restriction(), std::move(branching)};
  }
}

}  // namespace warpshard
