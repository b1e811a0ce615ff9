#pragma once

#include <cstddef>
#include <cstdint>

namespace warpshard::io {

/// 64-bit hash of a run of bytes, some 10 GB/s; equal bytes must still be compared.
std::uint64_t hash_bytes(const void* bytes, std::size_t size);

}  // namespace warpshard::io
