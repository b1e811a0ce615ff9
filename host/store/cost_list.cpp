#include "host/store/cost_list.h"

#include <algorithm>
#include <limits>

namespace warpshard::store {
namespace {

/// True if a single 64-bit entry of a file can mean this cost.
bool is_one_entry(const Cost& cost) {
  const Int128 total = cost.total();
  if (total < std::numeric_limits<std::int64_t>::min() ||
      total > std::numeric_limits<std::int64_t>::max())
    return false;
  return Cost::of_entry(static_cast<std::int64_t>(total)) == cost;
}

}  // namespace

void hash_costs(Sha256& hash, std::span<const Cost> costs) {
  if (std::ranges::all_of(costs, is_one_entry)) {
    hash.u8(0);
    for (const Cost& cost : costs) hash.i64(static_cast<std::int64_t>(cost.total()));
    return;
  }
  hash.u8(1);
  for (const Cost& cost : costs) {
    hash.i64(cost.forbidden);
    hash.i128(cost.finite);
  }
}

}  // namespace warpshard::store
