#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "tests/ptx/instruction.h"

namespace warpshard::ptx {

/// A register's bits as a number.
template <typename T>
T value_of(std::uint64_t bits) {
  if constexpr (std::same_as<T, bool>) {
    return bits != 0;
  } else if constexpr (std::same_as<T, float>) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  } else if constexpr (std::same_as<T, double>) {
    return std::bit_cast<double>(bits);
  } else {
    return static_cast<T>(bits);
  }
}

/// And back, with zeros above.
template <typename T>
std::uint64_t bits_of(T value) {
  if constexpr (std::same_as<T, bool>) {
    return value ? 1 : 0;
  } else if constexpr (std::same_as<T, float>) {
    return std::bit_cast<std::uint32_t>(value);
  } else if constexpr (std::same_as<T, double>) {
    return std::bit_cast<std::uint64_t>(value);
  } else {
    return static_cast<std::make_unsigned_t<T>>(value);
  }
}

template <typename Function, typename Result, typename... Operands, std::size_t... kIndex>
void call_for_lanes(Row& to, const std::array<const Row*, 4>& from,
                    std::index_sequence<kIndex...> /*operands*/) {
  for (std::size_t lane = 0; lane < to.size(); ++lane)
    to[lane] = bits_of<Result>(
        static_cast<Result>(Function{}(value_of<Operands>((*from[kIndex])[lane])...)));
}

/// A function object as an instruction. It is called for lanes that take no part, too, with
/// whatever their registers hold.
template <typename Function, typename Result, typename... Operands>
void compute(Row& to, const std::array<const Row*, 4>& from) {
  call_for_lanes<Function, Result, Operands...>(to, from, std::index_sequence_for<Operands...>{});
}

/// compute() of T for `kOperands` of T.
template <typename Function, typename T, int kOperands>
constexpr Compute uniform() {
  if constexpr (kOperands == 1) return compute<Function, T, T>;
  if constexpr (kOperands == 2) return compute<Function, T, T, T>;
  if constexpr (kOperands == 3) return compute<Function, T, T, T, T>;
}

/// For an instruction that reads numbers with their sign.
template <typename Function, int kOperands>
Compute for_signed(Type type) {
  switch (type) {
    case Type::kS16:
      return uniform<Function, std::int16_t, kOperands>();
    case Type::kU16:
      return uniform<Function, std::uint16_t, kOperands>();
    case Type::kS32:
      return uniform<Function, std::int32_t, kOperands>();
    case Type::kU32:
      return uniform<Function, std::uint32_t, kOperands>();
    case Type::kS64:
      return uniform<Function, std::int64_t, kOperands>();
    case Type::kU64:
      return uniform<Function, std::uint64_t, kOperands>();
    default:
      return nullptr;
  }
}

/// For an instruction that takes bits as they are.
template <typename Function, int kOperands>
Compute for_bits(Type type) {
  if (is_float(type)) return nullptr;
  if (type == Type::kPred) return uniform<Function, bool, kOperands>();
  switch (bytes_of(type)) {
    case 2:
      return uniform<Function, std::uint16_t, kOperands>();
    case 4:
      return uniform<Function, std::uint32_t, kOperands>();
    case 8:
      return uniform<Function, std::uint64_t, kOperands>();
    default:
      return nullptr;
  }
}

template <typename Function, int kOperands>
Compute for_float(Type type) {
  if (type == Type::kF32) return uniform<Function, float, kOperands>();
  if (type == Type::kF64) return uniform<Function, double, kOperands>();
  return nullptr;
}

}  // namespace warpshard::ptx
