#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "host/bound/branch_history.h"
#include "host/bound/partial_ascent.h"
#include "host/bound/proof_node.h"
#include "host/bound/restriction.h"
#include "host/model/archive.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"

namespace warpshard {

/// Above every cost.
inline constexpr Int128 kNoCost = Int128{1} << 120;

struct BranchOptions {
  int threads = 1;  ///< of BranchAndBound::run()
  /// Rounds of price ascent at the root and at every other node, at most.
  std::int64_t root_rounds = 5000;
  std::int64_t rounds = 400;
  /// Where the first tree begins, so many of the variables with the most neighbours are probed at
  /// their best value by two plain sweeps; of those that gain, so many are probed at each of their
  /// values at every node. If that looks better than the split of the highest score, the hub is
  /// split into its values. 0: never.
  std::size_t root_probes = 32;
  std::size_t probes = 6;
  /// Set goals below the incumbent: better on large models, but not on small ones, where trees are
  /// cheap and to begin again is not.
  bool staged = true;
  /// About how much memory prices and messages of open parts may take. Parts that begin once it is
  /// used up start from an ancestor's.
  std::size_t state_bytes = std::size_t{1} << 30;
  /// Where the tree is written down, from its root; null: nowhere. Not in stages, and only where
  /// there is an incumbent from the start. Must outlive the tree.
  ProofNode* record = nullptr;
};

/// A part of a model: some values taken away, and what is known about the rest.
struct BranchNode {
  BranchNode() = default;
  /// All but what is unfinished.
  BranchNode(const BranchNode& other);

  /// For checkpoints, while nobody works on the node; of `model`.
  void transfer(Archive& archive, const Model& model);

  ValueSet removed;  ///< [values of the model]
  Int128 bound = -kNoCost;
  std::shared_ptr<const AscentState> state;  ///< what its ascent starts from
  bool warm = false;                         ///< the state comes from an ascent on much the same
  bool explored = false;                     ///< an ascent has been made here or at an ancestor
  int depth = 0;
  int restarts = 0;                           ///< times its ascent began anew on what was left
  std::unique_ptr<PartialAscent> unfinished;  ///< an ascent that was stopped
  ProofNode* record = nullptr;                ///< what is written down of it, if anything is
  /// Variables that may be worth a split into single values, as the first root saw it, best first.
  std::vector<std::int32_t> hubs;
  BranchSide side;                ///< of the split that it comes from
  Int128 first_bound = -kNoCost;  ///< that of what was split
  double chunk_bound = 0;         ///< its bound where its present chunk of rounds began
};

/// A node to be expanded, with all that its expansion is told: what comes of it depends on nothing
/// else.
struct BranchTask {
  std::unique_ptr<BranchNode> node;
  Int128 goal = kNoCost;                         ///< plans that cost as much are of no interest
  Int128 incumbent = kNoCost;                    ///< cost of the best plan known
  std::shared_ptr<const BranchHistory> history;  ///< of the splits so far; may be null
  bool keeps_state = true;  ///< its prices and messages are kept for its children
};

/// What came of a task.
struct BranchResult {
  struct Found {
    Assignment assignment;  ///< of the model; fits, has no forbidden entries
    Int128 finite_cost = 0;
  };

  std::unique_ptr<BranchNode> node;
  /// False if it was stopped: the node is still to be expanded and goes on where it was.
  bool finished = false;
  std::vector<std::unique_ptr<BranchNode>> children;  ///< what is left of a finished node
  std::vector<Found> found;     ///< each cheaper than the task's incumbent and the ones before
  bool relied_on_goal = false;  ///< something was ruled out only because of it
  /// Pairs of variable and value whose every plan costs more than the incumbent, as a root shows.
  std::vector<std::pair<std::int32_t, std::int32_t>> removable;
  std::int64_t work = 0;  ///< table entries that its ascent has read
};

/// Bounds a node by price ascent on what is left of it, drops what reduced costs and capacities
/// rule out, and splits the rest. Works until stopped, or for so many rounds of ascent.
BranchResult expand(const Model& model, const BranchOptions& options, BranchTask task,
                    const StopToken& stop, std::int64_t most_rounds);

}  // namespace warpshard
