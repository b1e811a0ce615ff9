#include "tests/ptx/collectives.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace warpshard::ptx {
namespace {

/// The lane that one reads from, and whether it lies in its segment; PTX ISA, shfl.sync.
std::pair<std::uint32_t, bool> source_lane(Shuffle how, std::uint32_t lane, std::uint32_t amount,
                                           std::uint32_t clamp) {
  const std::uint32_t by = amount & 31U;
  const std::uint32_t mask = clamp >> 8 & 31U;
  // The segment's last lane; for kUp its first one.
  const std::uint32_t limit = (lane & mask) | (clamp & 31U & ~mask);
  if (how == Shuffle::kUp)
    return lane >= limit + by ? std::pair{lane - by, true} : std::pair{lane, false};
  if (how == Shuffle::kDown)
    return lane + by <= limit ? std::pair{lane + by, true} : std::pair{lane, false};
  return (lane ^ by) <= limit ? std::pair{lane ^ by, true} : std::pair{lane, false};
}

}  // namespace

void shuffle(Shuffle how, const Row& value, const Row& amount, const Row& clamp, Lanes active,
             Row& to, Row* found) {
  const Row before = value;  // `to` may be the same register
  for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
    if (!holds(active, static_cast<int>(lane))) continue;
    const auto [from, inside] = source_lane(how, lane, static_cast<std::uint32_t>(amount[lane]),
                                            static_cast<std::uint32_t>(clamp[lane]));
    if (!holds(active, static_cast<int>(from)))
      throw std::runtime_error("a shuffle from a lane that takes no part");
    to[lane] = before[from];
    if (found != nullptr) (*found)[lane] = inside ? 1 : 0;
  }
}

void ballot(const Row& flag, Lanes active, Row& to) {
  Lanes set = 0;
  for (int lane = 0; lane < kLanes; ++lane)
    if (holds(active, lane) && flag[static_cast<std::size_t>(lane)] != 0) set |= 1U << lane;
  for (int lane = 0; lane < kLanes; ++lane)
    if (holds(active, lane)) to[static_cast<std::size_t>(lane)] = set;
}

void reduce_min(bool with_sign, const Row& value, Lanes active, Row& to) {
  // With the sign's bit turned over, signed numbers are in the order of unsigned ones.
  const std::uint64_t turned = with_sign ? 1U << 31 : 0;
  std::uint64_t least = ~std::uint64_t{0};
  for (int lane = 0; lane < kLanes; ++lane)
    if (holds(active, lane))
      least = std::min(least, value[static_cast<std::size_t>(lane)] ^ turned);
  for (int lane = 0; lane < kLanes; ++lane)
    if (holds(active, lane)) to[static_cast<std::size_t>(lane)] = least ^ turned;
}

}  // namespace warpshard::ptx
