#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "host/bound/branch_task.h"
#include "host/model/archive.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// Exact reasoning where linear prices leave a gap: splits a variable's values in two, or a hub's
/// into single ones, bounds each part by price ascent on what is left of it, drops what reduced
/// costs and capacities rule out, and goes on with the part of the least bound. Every bound it acts
/// on is certified in integers. Reduced costs rule out much if only plans a little above the bound
/// are asked for. So, if it works in stages, it first sets itself a goal close to the root's bound;
/// once no plan is cheaper than that, it begins a new tree with the next goal, until the incumbent
/// is the goal. Speaks only of assignments without forbidden entries.
///
/// Its nodes are tasks: take() one, expand() it anywhere, finish() with the result. Many may be at
/// work at a time; each result depends on its task alone, so the same order of calls gives the same
/// tree. run() does it all on threads of its own.
class BranchAndBound {
 public:
  /// Called with an assignment of the model that fits, has no forbidden entries and costs less than
  /// any before (one call at a time, from any thread).
  using FoundCallback = std::function<void(const Assignment&, Int128 finite_cost)>;

  /// Keeps a reference to `model`.
  BranchAndBound(const Model& model, const BranchOptions& options);
  /// Starts from an ascent that has been made on `model`.
  BranchAndBound(const Model& model, const BranchOptions& options, AscentState start);
  ~BranchAndBound();

  /// Tells of a plan's finite cost; only cheaper ones are of interest from now on. Any thread.
  void set_incumbent(Int128 finite_cost);

  /// The next node, if one is open; what is taken must be finished. None while all that is open is
  /// at work; none and nothing at work: closed, or there is no assignment.
  std::optional<BranchTask> take();
  /// Works until stopped, or for so many rounds of ascent; see BranchResult. Any thread.
  BranchResult expand(BranchTask task, const StopToken& stop,
                      std::int64_t most_rounds = std::numeric_limits<std::int64_t>::max()) const;
  /// Takes the result back into the tree; a node that was stopped is open again, and loses nothing.
  void finish(BranchResult result, const FoundCallback& on_found);

  /// For checkpoints, while nothing is at work: the tree over a model that is not part of it.
  void transfer(Archive& archive);

  /// Works until nothing is open, or until stopped. May be called again. What a thread throws ends
  /// the run and is thrown here.
  void run(const StopToken& stop, const FoundCallback& on_found);

  /// No assignment that fits and has no forbidden entries costs less than this, constant included,
  /// but for incumbents told of or found. Nothing before the root has been bounded.
  std::optional<Int128> bound() const;

  /// True once nothing is open: the incumbent, if there is one, is optimal; else there is no
  /// assignment that fits without forbidden entries.
  bool closed() const;

  std::int64_t num_nodes() const;  ///< expanded so far
  std::int64_t num_open() const;
  std::int64_t num_at_work() const;  ///< taken and not finished

 private:
  using NodePointer = std::unique_ptr<BranchNode>;

  /// What is known of a node that is at work elsewhere.
  struct AtWork {
    const BranchNode* node = nullptr;
    Int128 bound = 0;
  };

  /// A tree against one goal.
  struct Stage {
    Int128 base = 0;              ///< what was proved before
    std::int64_t first_node = 0;  ///< nodes before it
    std::int64_t patience = 0;    ///< nodes after which its goal sinks
    bool sank = false;
  };

  class Team;

  bool begin_next_tree();
  void open(NodePointer node);
  /// Takes note of what a finished node has brought. The caller holds the mutex.
  void record(const BranchResult& result);
  /// The next goal above a bound that is proved, and lower ones. For this and what follows the
  /// caller holds the mutex.
  void set_goal(Int128 bound);
  void sink_goal();
  void lower_goal(Int128 goal);
  void note_incumbent(Int128 finite_cost);
  Int128 goal_above(Int128 bound) const;
  Int128 least_bound() const;

  const Model& model_;
  BranchOptions options_;

  mutable std::mutex mutex_;       ///< guards what follows
  std::vector<NodePointer> open_;  ///< a heap, least bound first
  std::vector<AtWork> at_work_;
  Int128 incumbent_;
  Int128 goal_;                  ///< of the present tree; may be above the incumbent
  bool relied_on_goal_ = false;  ///< or on the incumbent, to rule something out in this tree
  Int128 floor_;                 ///< the last tree's goal: no plan costs less
  Stage stage_;
  NodePointer root_;      ///< to begin a tree with, once it has been bounded
  double first_gap_ = 0;  ///< of incumbent and bound when the first goal was set
  double scale_;          ///< of costs
  double goal_step_;      ///< part of the gap by which the next goal is above the bound
  double blind_step_;     ///< to the next goal without an incumbent, as a part of the scale
  std::int64_t num_nodes_ = 0;
  std::shared_ptr<BranchHistory> history_ = std::make_shared<BranchHistory>();  ///< of all trees
};

}  // namespace warpshard
