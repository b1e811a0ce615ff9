#include "host/bound/branch_and_bound.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

namespace warpshard {
namespace {

/// The goal rises by a part of the gap that is left, or of the gap at the root if that is more;
/// without an incumbent by a part of the scale, twice as much each time. Steps begin small, for a
/// goal above what the best plan costs cannot be met, and incumbents are dear at first.
constexpr double kFirstGoalStep = 0.25;
constexpr double kGoalStepGrowth = 1.25;
constexpr double kMostGoalStep = 0.6;
constexpr double kLeastGoalStep = 1.0 / 64;
constexpr double kBlindGoalStep = 1e-3;
/// A goal sinks that takes so many times the nodes of all goals before it, these at least.
constexpr std::int64_t kLongStage = 8;
constexpr std::int64_t kShortStage = 64;

/// A share of a difference between costs, at least one.
Int128 part_of(double difference, double share) {
  return static_cast<Int128>(share * difference) + 1;
}

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
      scale_(start.scale),
      goal_step_(kFirstGoalStep),
      blind_step_(kBlindGoalStep) {
  auto root = std::make_unique<BranchNode>();
  root->removed.assign(model.unary.size(), false);
  root->state = std::make_shared<const AscentState>(std::move(start));
  root->warm = true;
  root->record = options.record;
  open_.push_back(std::move(root));
}

BranchAndBound::~BranchAndBound() = default;

void BranchAndBound::set_incumbent(Int128 finite_cost) {
  const std::lock_guard lock(mutex_);
  note_incumbent(finite_cost);
}

/// A goal between the bound and a dear incumbent may be above a cheaper one: it sinks with it.
/// What has been ruled out by the higher goal stays ruled out.
void BranchAndBound::note_incumbent(Int128 finite_cost) {
  if (finite_cost >= incumbent_) return;
  const bool is_first = incumbent_ == kNoCost;
  incumbent_ = finite_cost;
  if (root_ && !is_first && goal_ != kNoCost) lower_goal(goal_above(stage_.base));
}

/// Nodes between the two goals are let go, so that the tree speaks of no more than the lower one.
void BranchAndBound::lower_goal(Int128 goal) {
  if (goal >= goal_) return;
  goal_ = goal;
  relied_on_goal_ = true;
}

Int128 BranchAndBound::goal_above(Int128 bound) const {
  const auto gap = static_cast<double>(incumbent_ - bound);
  return bound + std::max(part_of(gap, goal_step_), part_of(first_gap_, kLeastGoalStep));
}

void BranchAndBound::set_goal(Int128 bound) {
  relied_on_goal_ = false;
  stage_ = {bound, num_nodes_, num_nodes_ + kLongStage * std::max(num_nodes_, kShortStage), false};
  if (incumbent_ == kNoCost) {
    goal_ = bound + part_of(scale_, blind_step_);
    blind_step_ *= 2;
    return;
  }
  if (first_gap_ == 0) first_gap_ = static_cast<double>(incumbent_ - bound);
  goal_ = goal_above(bound);
}

/// Halfway down to what is proved.
void BranchAndBound::sink_goal() {
  const Int128 least = least_bound();
  if (goal_ == kNoCost || least == -kNoCost) return;
  lower_goal(least + (goal_ - least) / 2);
  stage_.sank = true;
  stage_.patience = num_nodes_ + std::max((num_nodes_ - stage_.first_node) / 2, kShortStage);
}

Int128 BranchAndBound::least_bound() const {
  Int128 least = std::min(goal_, incumbent_);
  for (const auto& node : open_) least = std::min(least, node->bound);
  for (const AtWork& node : at_work_) least = std::min(least, node.bound);
  return std::max(least, floor_);
}

std::optional<Int128> BranchAndBound::bound() const {
  const std::lock_guard lock(mutex_);
  const Int128 least = least_bound();
  if (least == -kNoCost || least == kNoCost) return std::nullopt;
  return least;
}

bool BranchAndBound::closed() const {
  const std::lock_guard lock(mutex_);
  return at_work_.empty() && goal_ >= incumbent_ &&
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

std::int64_t BranchAndBound::num_at_work() const {
  const std::lock_guard lock(mutex_);
  return std::ssize(at_work_);
}

/// False if nothing is left to prove.
bool BranchAndBound::begin_next_tree() {
  if (!relied_on_goal_) goal_ = kNoCost;
  if (goal_ >= incumbent_) return false;
  floor_ = goal_;
  goal_step_ = stage_.sank ? std::max(goal_step_ / 2, kFirstGoalStep)
                           : std::min(goal_step_ * kGoalStepGrowth, kMostGoalStep);
  set_goal(floor_);
  open(std::make_unique<BranchNode>(*root_));
  return true;
}

void BranchAndBound::open(NodePointer node) {
  open_.push_back(std::move(node));
  std::ranges::push_heap(open_, Later{});
}

std::optional<BranchTask> BranchAndBound::take() {
  const std::lock_guard lock(mutex_);
  if (open_.empty() || open_.front()->bound >= std::min(goal_, incumbent_)) {
    open_.clear();
    if (!at_work_.empty() || !begin_next_tree()) return std::nullopt;
  }
  std::ranges::pop_heap(open_, Later{});
  BranchTask task;
  task.node = std::move(open_.back());
  task.goal = goal_;
  task.incumbent = incumbent_;
  task.history = history_;
  // The parts of a split share its state; two at least.
  const AscentState& state = *task.node->state;
  const std::size_t bytes = sizeof(float) * (state.prices.size() + state.messages.size());
  open_.pop_back();
  task.keeps_state = open_.size() / 2 * bytes <= options_.state_bytes;
  at_work_.push_back({task.node.get(), task.node->bound});
  return task;
}

BranchResult BranchAndBound::expand(BranchTask task, const StopToken& stop,
                                    std::int64_t most_rounds) const {
  return warpshard::expand(model_, options_, std::move(task), stop, most_rounds);
}

void BranchAndBound::finish(BranchResult result, const FoundCallback& on_found) {
  const std::lock_guard lock(mutex_);
  std::erase_if(at_work_, [&](const AtWork& at) { return at.node == result.node.get(); });
  relied_on_goal_ |= result.relied_on_goal;
  for (const auto& [assignment, finite_cost] : result.found) {
    if (finite_cost >= incumbent_) continue;
    note_incumbent(finite_cost);
    if (on_found) on_found(assignment, finite_cost);
  }
  if (!result.finished) return open(std::move(result.node));
  ++num_nodes_;
  record(result);
  for (auto& child : result.children) open(std::move(child));
  if (root_ && options_.staged && num_nodes_ >= stage_.patience) sink_goal();
  if (root_ || !result.node->explored || !options_.staged) return;
  root_ = std::move(result.node);
  root_->removed.assign(root_->removed.size(), false);
  root_->restarts = 0;
  set_goal(root_->bound);
}

/// Tasks at work keep the history that they were given.
void BranchAndBound::record(const BranchResult& result) {
  const BranchNode& node = *result.node;
  const Int128 reached = result.children.empty() ? std::min(goal_, incumbent_) : node.bound;
  if (node.side.variable < 0 || reached == kNoCost) return;
  auto history = std::make_shared<BranchHistory>(*history_);
  history->record(node.side, static_cast<double>(reached - node.first_bound));
  history_ = std::move(history);
}

void BranchAndBound::transfer(Archive& archive) {
  const std::lock_guard lock(mutex_);
  archive(incumbent_, goal_, relied_on_goal_, floor_, first_gap_, scale_, goal_step_, blind_step_,
          stage_.base, stage_.first_node, stage_.patience, stage_.sank, num_nodes_, *history_);
  const auto transfer_node = [&](NodePointer& node) {
    if (archive.reading()) node = std::make_unique<BranchNode>();
    node->transfer(archive, model_);
  };
  bool has_root = root_ != nullptr;
  std::uint64_t num_open = open_.size();
  archive(has_root, num_open);
  if (has_root) transfer_node(root_);
  if (archive.reading()) open_.clear();
  for (std::uint64_t k = 0; k < num_open; ++k) {  // in the order of the heap
    if (archive.reading()) open_.emplace_back();
    transfer_node(open_[static_cast<std::size_t>(k)]);
  }
}

/// Threads that work on one tree.
class BranchAndBound::Team {
 public:
  Team(BranchAndBound& tree, const StopToken& stop, const FoundCallback& on_found)
      : tree_(tree), stop_(stop), on_found_(on_found) {}

  void run(int threads) {
    {
      std::vector<std::jthread> helpers;
      try {
        for (int i = 1; i < threads; ++i) helpers.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        // As many as the machine lets start.
      }
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void work() {
    try {
      while (!stop_.stopped() && !failed_ && work_on_next()) {
      }
    } catch (...) {
      if (!failed_.exchange(true)) failure_ = std::current_exception();
    }
  }

  /// False if nothing is left.
  bool work_on_next() {
    if (auto task = tree_.take()) {
      tree_.finish(tree_.expand(std::move(*task), stop_), on_found_);
      return true;
    }
    if (tree_.num_at_work() == 0) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // others may still open new parts
    return true;
  }

  BranchAndBound& tree_;
  const StopToken& stop_;
  const FoundCallback& on_found_;
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
};

void BranchAndBound::run(const StopToken& stop, const FoundCallback& on_found) {
  Team(*this, stop, on_found).run(options_.threads);
}

}  // namespace warpshard
