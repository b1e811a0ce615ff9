#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tests/ptx/instruction.h"

namespace warpshard::ptx {

/// What the threads of one warp can address beside global memory, which is the host's. Generic
/// addresses are the host's, too.
class ThreadMemory {
 public:
  /// `shared` and `parameters` must outlive it. [local_bytes] per lane is its own.
  ThreadMemory(std::span<std::byte> shared, std::span<const std::byte> parameters,
               std::int64_t local_bytes);

  /// Where `bytes` of a lane lie. Throws std::runtime_error outside of shared, local or parameter
  /// memory.
  std::byte* find(Space space, int lane, std::int64_t address, std::int64_t bytes);

  /// The space behind a generic address.
  Space space_of(std::uint64_t generic) const;

  std::uint64_t to_generic(Space space, int lane, std::uint64_t address);
  std::uint64_t from_generic(Space space, int lane, std::uint64_t generic);

 private:
  std::byte* base(Space space, int lane);

  std::span<std::byte> shared_;
  std::span<const std::byte> parameters_;
  std::int64_t local_bytes_;
  std::vector<std::byte> local_;  ///< [lanes x local_bytes]
};

}  // namespace warpshard::ptx
