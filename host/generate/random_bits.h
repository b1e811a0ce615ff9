#pragma once

#include <cstdint>

#include "host/generate/graph.h"

namespace warpshard::generator {

/// Appends the Threefry-2x32 block cipher (Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3", 2011) written out as compilers see it: 20 rounds of elementwise operations on
/// `elements` counters, which all follow one leader. `key` is a vector of two words.
/// Returns one of the two result vectors.
std::int32_t append_random_bits(Graph& graph, std::int32_t key, std::int64_t elements);

}  // namespace warpshard::generator
