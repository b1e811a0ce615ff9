#include "host/io/hash.h"

#include <array>
#include <cstring>

namespace warpshard::io {
namespace {

__extension__ using Uint128 = unsigned __int128;

constexpr std::array<std::uint64_t, 4> kKeys = {0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9,
                                                0x94d049bb133111eb, 0xd6e8feb86659fd93};

std::uint64_t word_at(const unsigned char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Both halves of the product, folded: every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Uint128 product = Uint128{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t hash_bytes(const void* bytes, std::size_t size) {
  const auto* next = static_cast<const unsigned char*>(bytes);
  std::size_t left = size;
  std::array<std::uint64_t, 4> lanes = kKeys;
  for (; left >= 64; left -= 64, next += 64)
    for (std::size_t lane = 0; lane < 4; ++lane)
      lanes[lane] =
          mix(lanes[lane] ^ word_at(next + 16 * lane), kKeys[lane] ^ word_at(next + 16 * lane + 8));
  std::uint64_t hash = size;
  for (const std::uint64_t lane : lanes) hash = mix(hash ^ lane, kKeys[0]);
  for (; left >= 8; left -= 8, next += 8) hash = mix(hash ^ word_at(next), kKeys[1]);
  std::uint64_t tail = 0;
  if (left > 0) std::memcpy(&tail, next, left);
  return mix(hash ^ tail, kKeys[2]);
}

}  // namespace warpshard::io
