#include "host/reduce/entry.h"

namespace warpshard::reduce {

Cost common_part(std::span<const std::int64_t> entries, bool hard) {
  constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
  std::int64_t least = kNone;
  std::int64_t forbidden = hard ? 0 : 1;
  for (const std::int64_t entry : entries) {
    if (hard && blocks(entry)) continue;
    if (!blocks(entry)) forbidden = 0;
    least = std::min(least, finite_part(entry));
  }
  return {forbidden, least == kNone ? 0 : least};
}

}  // namespace warpshard::reduce
