#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/ptx/instruction.h"

namespace warpshard::ptx {

/// Registers that hold a thread's place.
enum class Special : std::uint8_t { kThread, kBlockThreads, kBlock, kLane };

/// A parsed entry.
struct Kernel {
  std::string name;  ///< mangled
  std::vector<Instruction> code;
  std::vector<bool> targets;                 ///< [code] true where a branch leads
  std::vector<std::uint8_t> register_bytes;  ///< [registers]
  std::vector<std::pair<std::int32_t, std::uint64_t>> constants;  ///< register, value
  std::vector<std::pair<std::int32_t, Special>> specials;
  std::vector<std::int64_t> parameter_offsets;  ///< bytes
  std::int64_t parameter_bytes = 0;
  std::int64_t shared_bytes = 0;  ///< static; what a launch asks for lies behind
  std::int64_t local_bytes = 0;   ///< per thread
};

}  // namespace warpshard::ptx
