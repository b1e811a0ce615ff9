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

/// Room for the moves of one chain. But for marks nothing in it means anything between moves.
struct MoveScratch {
  static constexpr std::int32_t kParts = 128;

  float* scores = nullptr;               ///< [score_room], at least twice the longest row
  float* messages = nullptr;             ///< [score_room] behind the scores; see SumQuad
  float* parts = nullptr;                ///< [kParts] what lanes bring together
  std::uint16_t* tree_values = nullptr;  ///< [kMaxTree] values chosen
  std::int32_t* tree_changes = nullptr;  ///< [kMaxTree] positions that take another value
  std::uint32_t* noise_words = nullptr;  ///< [kMaxTree] see NoiseView::window()
  std::uint32_t* rows = nullptr;         ///< [kItemRoom] starts in the model's tables
  TreeRooms rooms;
  std::int32_t num_rooms = 0;  ///< trees that can be grown at a time
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
