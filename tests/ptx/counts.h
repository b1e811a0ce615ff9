#pragma once

namespace warpshard::ptx {

/// What warps did, summed over them.
struct Counts {
  double instructions = 0;   ///< of PTX
  double slots = 0;          ///< of issue, estimated; see machine_code.h
  double lane_slots = 0;     ///< slots, each times its active lanes
  double loads = 0;          ///< from global memory
  double missing_loads = 0;  ///< of those, with a sector that is not in L1
  double stores = 0;         ///< to global memory
  double lines = 0;          ///< of 128 bytes, that those touch
  double l2_bytes = 0;       ///< what L1 lacks, and stores
  double dram_bytes = 0;     ///< what L2 lacks
  double passes = 0;         ///< over shared and local memory, bank conflicts included
  double syncs = 0;          ///< of a warp
  double exchanges = 0;      ///< shuffles, votes, reductions

  Counts& operator+=(const Counts& other);
  Counts operator-(const Counts& other) const;
  Counts operator/(double by) const;
};

}  // namespace warpshard::ptx
