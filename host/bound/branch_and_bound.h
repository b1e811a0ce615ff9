#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "host/bound/restriction.h"
#include "host/model/model.h"

namespace warpshard {

class DualAscent;
class PartialAscent;
struct AscentState;

struct BranchOptions {
  int threads = 1;
  /// Rounds of price ascent at the root and at every other node, at most.
  std::int64_t root_rounds = 5000;
  std::int64_t rounds = 400;
  /// Set goals below the incumbent: better on large models, but not on small ones, where trees are
  /// cheap and to begin again is not.
  bool staged = true;
  /// About how much memory prices and messages of open parts may take. Parts that begin once it is
  /// used up start from an ancestor's.
  std::size_t state_bytes = std::size_t{1} << 30;
};

/// Exact reasoning where linear prices leave a gap: splits a variable's values in two, bounds each
/// part by price ascent on what is left of it, drops what reduced costs and capacities rule out,
/// and goes on with the part of the least bound. Every bound it acts on is certified in integers.
/// Reduced costs rule out much if only plans a little above the bound are asked for. So, if it
/// works in stages, it first sets itself a goal close to the root's bound; once no plan is cheaper
/// than that, it begins a new tree with the next goal, until the incumbent is the goal. Speaks
/// only of assignments without forbidden entries.
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

  /// Works until nothing is open. Takes up no part after the deadline; leaves those it is at when
  /// told to `stop`. May be called again.
  void run(std::chrono::steady_clock::time_point deadline, const std::atomic<bool>& stop,
           const FoundCallback& on_found);

  /// No assignment that fits and has no forbidden entries costs less than this, constant included,
  /// but for incumbents told of or found. Nothing before the root has been bounded.
  std::optional<Int128> bound() const;

  /// True once nothing is open: the incumbent, if there is one, is optimal; else there is no
  /// assignment that fits without forbidden entries.
  bool closed() const;

  std::int64_t num_nodes() const;  ///< bounded so far
  std::int64_t num_open() const;

 private:
  struct Node;
  struct Part;
  using NodePointer = std::unique_ptr<Node>;

  /// What ends a run.
  struct Limits {
    std::chrono::steady_clock::time_point deadline;
    const std::atomic<bool>& stop;
    bool reached() const;
  };

  void work(const Limits& limits, const FoundCallback& on_found);
  NodePointer take();
  void finish(const Node* node, std::vector<NodePointer> children);
  std::vector<NodePointer> expand(Node& node, const Limits& limits, const FoundCallback& on_found);
  std::optional<Part> bound_part(Node& node, const Limits& limits, const FoundCallback& on_found);
  void ascend(DualAscent& ascent, const Node& node, const Limits& limits) const;
  void save_state(Node& node, const PartialAscent& partial) const;
  void report(const Assignment& assignment, const FoundCallback& on_found);
  Int128 incumbent() const;
  /// Plans that cost as much are ruled out.
  Int128 goal() const;
  void rely_on_goal();
  /// The next goal above a bound that is proved. The caller holds the mutex.
  void set_goal(Int128 bound);

  const Model& model_;
  BranchOptions options_;

  mutable std::mutex mutex_;       ///< guards what follows
  std::vector<NodePointer> open_;  ///< a heap, least bound first
  std::vector<const Node*> busy_;
  Int128 incumbent_;
  Int128 goal_;                  ///< of the present tree; may be above the incumbent
  bool relied_on_goal_ = false;  ///< or on the incumbent, to rule something out in this tree
  Int128 floor_;                 ///< the last goal: no plan costs less
  NodePointer root_;             ///< to begin a tree with, once it has been bounded
  Int128 first_gap_ = 0;         ///< of incumbent and bound when the first goal was set
  double blind_step_;            ///< to the next goal without an incumbent, as a part of the bound
  std::int64_t num_nodes_ = 0;
};

}  // namespace warpshard
