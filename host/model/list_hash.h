#pragma once

#include <cstdint>

namespace warpshard {

/// Mixes the bits of a 64-bit number (the finaliser of splitmix64).
inline constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

/// Hash of a sequence of integers.
template <typename Range>
std::uint64_t hash_of(const Range& range) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
  for (const auto item : range) {
    hash = (hash ^ static_cast<std::uint64_t>(item)) * 0xff51afd7ed558ccdULL;
    hash ^= hash >> 32U;
  }
  return hash;
}

}  // namespace warpshard
