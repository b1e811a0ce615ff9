#pragma once

#include <cstdint>

namespace warpshard::ptx {

/// Types of PTX; an instruction's says how to read its registers.
enum class Type : std::uint8_t {
  kPred,
  kB8,
  kU8,
  kS8,
  kB16,
  kU16,
  kS16,
  kB32,
  kU32,
  kS32,
  kF32,
  kB64,
  kU64,
  kS64,
  kF64,
};

constexpr int bytes_of(Type type) {
  if (type <= Type::kS8) return 1;
  if (type <= Type::kS16) return 2;
  return type <= Type::kF32 ? 4 : 8;
}

constexpr bool is_float(Type type) {
  return type == Type::kF32 || type == Type::kF64;
}

}  // namespace warpshard::ptx
