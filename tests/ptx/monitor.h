#pragma once

#include <cstdint>
#include <span>

#include "tests/ptx/kernel.h"

namespace warpshard::ptx {

/// One instruction as a warp carries it out.
struct Issue {
  std::int32_t warp = 0;           ///< number in the grid
  std::int32_t at = 0;             ///< position in the code
  Lanes lanes = 0;                 ///< that are there
  Lanes active = 0;                ///< of those, where the guard holds
  Space space = Space::kGeneric;   ///< of a memory access: kGlobal, kShared, kLocal or kParameter
  const Row* addresses = nullptr;  ///< of a memory access, without the instruction's offset
};

/// Sees what a grid does, and says when its warps have come how far. This one sees nothing.
class Monitor {
 public:
  virtual ~Monitor() = default;

  /// A grid of so many warps begins.
  virtual void begin(const Kernel& /*kernel*/, std::int32_t /*warps*/) {}
  virtual void issue(const Issue& /*issue*/) {}
  /// The warp is at a place where nothing that follows can be moved ahead of what was before: it
  /// `jumped`, lanes met or parted, or a branch leads there.
  virtual void end_stretch(std::int32_t /*warp*/, bool /*jumped*/) {}
  /// All warps of a block, [first, first + count), have come to a barrier.
  virtual void meet(std::int32_t /*first*/, std::int32_t /*count*/) {}
  /// Of the warps that may go on, the one of least time does.
  virtual double time(std::int32_t /*warp*/) const { return 0; }
};

}  // namespace warpshard::ptx
