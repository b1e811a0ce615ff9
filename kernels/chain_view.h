#pragma once

#include <cstdint>

#include "kernels/grown_tree.h"
#include "kernels/memory_profile.h"
#include "kernels/model_entry.h"
#include "kernels/model_view.h"
#include "kernels/noise.h"
#include "kernels/philox.h"
#include "kernels/portable.h"

namespace warpshard {

/// Most values of a variable that a chain's state can tell apart.
inline constexpr std::int32_t kMostValues = 1 << 16;

/// The hottest temperature, in cost units: noise stays far below kPadCost, as prices do.
inline constexpr float kHottest = kPadCost / 1e5F;

/// Exact cost of a chain's state, without the model's constant. As in Cost, a forbidden entry's
/// finite part counts.
struct CostAccount {
  std::int64_t finite = 0;     ///< cost units
  std::int64_t forbidden = 0;  ///< number of forbidden entries

  WARPSHARD_HD void add(std::int64_t entry) {
    forbidden += forbids(entry) ? 1 : 0;
    finite += finite_part(entry);
  }
  WARPSHARD_HD void remove(std::int64_t entry) {
    forbidden -= forbids(entry) ? 1 : 0;
    finite -= finite_part(entry);
  }
  WARPSHARD_HD CostAccount& operator+=(const CostAccount& other) {
    finite += other.finite;
    forbidden += other.forbidden;
    return *this;
  }
  WARPSHARD_HD friend bool operator<(const CostAccount& a, const CostAccount& b) {
    return a.forbidden != b.forbidden ? a.forbidden < b.forbidden : a.finite < b.finite;
  }
};

/// What the chain did, for throughput figures.
struct MoveCounters {
  std::int64_t flip_visits = 0;     ///< variables scored by flips
  std::int64_t tree_visits = 0;     ///< variables scored in tree blocks
  std::int64_t deltas = 0;          ///< values scored
  std::int64_t accepted = 0;        ///< flips, tree blocks and tabu steps that changed anything
  std::int64_t changes = 0;         ///< variables that took another value
  std::int64_t blocks = 0;          ///< tree blocks proposed
  std::int64_t blocks_refused = 0;  ///< tree blocks that did not fit in memory

  WARPSHARD_HD std::int64_t visits() const { return flip_visits + tree_visits; }

  WARPSHARD_HD MoveCounters& operator+=(const MoveCounters& other) {
    flip_visits += other.flip_visits;
    tree_visits += other.tree_visits;
    deltas += other.deltas;
    accepted += other.accepted;
    changes += other.changes;
    blocks += other.blocks;
    blocks_refused += other.blocks_refused;
    return *this;
  }
};

/// Room for the moves of one chain; contents mean nothing between moves.
struct MoveScratch {
  static constexpr std::int32_t kMaxLog2Tree = 8;
  static constexpr std::int32_t kMaxTree = 1 << kMaxLog2Tree;  ///< most variables in a tree block
  static constexpr std::int32_t kTreeNodes = kMaxTree + 1;
  static constexpr std::int32_t kTreeItems = 4096;             ///< most arcs of a tree's variables
  static constexpr std::int32_t kMaxFrontier = 2048;           ///< most arcs waiting to join a tree
  static constexpr std::int32_t kRows = kMaxFrontier;  ///< most rows that are gathered at a time
  float* scores = nullptr;                             ///< [score_room]
  std::int32_t score_room = 0;                         ///< floats; at least twice the longest row
  std::uint32_t* marks = nullptr;                      ///< [variables] stamps, see take_stamps()
  std::uint32_t* next_mark = nullptr;       ///< [1] the least stamp that no mark has; not 0
  TreeNode* tree_nodes = nullptr;           ///< [kTreeNodes] of the tree that is visited
  TreeItem* tree_items = nullptr;           ///< [kTreeItems]
  std::int32_t* tree_value = nullptr;       ///< [kMaxTree] value chosen
  std::int32_t* tree_changes = nullptr;     ///< [kMaxTree] positions that take another value
  std::uint32_t* noise_words = nullptr;     ///< [kMaxTree] see NoiseView::window()
  std::uint32_t* rows = nullptr;            ///< [kRows] starts in the model's tables
  std::int32_t* frontier_arc = nullptr;     ///< [kMaxFrontier] from the parent to the candidate
  std::int32_t* frontier_parent = nullptr;  ///< [kMaxFrontier] position in the tree
};

/// One chain's state, in the memory of the backend that runs it (not owned).
struct ChainView {
  std::uint16_t* values = nullptr;      ///< [variables]
  std::uint16_t* accounted = nullptr;   ///< [variables] the values that the account is for
  const float* priced_unary = nullptr;  ///< [rows] unary + price * usage, cost units
  MemoryProfile memory;
  CostAccount* account = nullptr;    ///< [1]
  MoveCounters* counters = nullptr;  ///< [1]
  NoiseView noise;
  MoveScratch scratch;
  float temperature = 0;  ///< cost units
};

}  // namespace warpshard
