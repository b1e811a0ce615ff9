#pragma once

#include <cstdint>

namespace warpshard::generator {

/// Who has to agree on a sharding.
enum class Coupling : std::uint8_t {
  kFree,    ///< nobody: followers have no edge at all
  kFollow,  ///< followers agree with their leader
  kChain,   ///< and leaders with each other where one reads the other elementwise
};

}  // namespace warpshard::generator
