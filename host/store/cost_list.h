#pragma once

#include <span>

#include "host/store/sha256.h"
#include "warpshard/cost.h"

namespace warpshard::store {

/// Hashes costs so that equal lists of pairs (forbidden entries, finite sum) give equal bytes:
/// where each could be one entry of a file, a zero byte and the entries; else a one and the pairs.
void hash_costs(Sha256& hash, std::span<const Cost> costs);

}  // namespace warpshard::store
