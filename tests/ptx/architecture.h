#pragma once

#include <cstdint>
#include <span>

namespace warpshard::ptx {

/// What the timing model knows of a GPU. Latencies are cycles from issue to use.
struct Architecture {
  const char* name = "";     ///< as ptxas has it
  const char* product = "";  ///< whose figures these are
  double clock_hz = 0;
  int multiprocessors = 0;
  int schedulers = 4;  ///< per multiprocessor; each issues an instruction a cycle
  int arithmetic = 0;
  int wide = 0;  ///< 64-bit integers: two instructions, one after the other
  int shuffle = 0;
  int vote = 0;    ///< and reductions of a warp
  int branch = 0;  ///< until a taken branch's target issues
  int divide = 0;  ///< a subroutine
  int shared = 0;
  int l1 = 0;
  int l2 = 0;
  int dram = 0;
  std::int64_t l1_bytes = 0;  ///< per multiprocessor, shared memory included
  std::int64_t l2_bytes = 0;
  double l2_bytes_per_cycle = 0;  ///< per multiprocessor
  double dram_bytes_per_second = 0;
  double lines_per_cycle = 1;  ///< that L1 or shared memory serves
  /// Of the rate that the model makes of all this, what the H200 that was measured reached: between
  /// 0.51 and 0.57 on three instances (benchmarks/predictions.md).
  double reached = 0.533;

  /// What is left of l1_bytes beside blocks that have so much shared memory each: it is divided in
  /// steps, and each block takes a little for the system.
  std::int64_t l1_beside(int blocks, std::int64_t shared_bytes) const;
  double dram_bytes_per_cycle() const { return dram_bytes_per_second / clock_hz / multiprocessors; }
};

/// Those that the project is built for. benchmarks/predictions.md says where each number is from.
std::span<const Architecture> architectures();

}  // namespace warpshard::ptx
