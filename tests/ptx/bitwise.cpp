#include <algorithm>
#include <bit>

#include "tests/ptx/lane_function.h"
#include "tests/ptx/lane_instructions.h"

namespace warpshard::ptx {
namespace {

struct And {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(a & b);
  }
};
struct Or {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(a | b);
  }
};
struct Xor {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(a ^ b);
  }
};
struct Not {
  template <typename T>
  T operator()(T a) const {
    if constexpr (std::same_as<T, bool>)
      return !a;
    else
      return static_cast<T>(~a);
  }
};

// A shift by the width or more leaves nothing, or copies of the sign.

template <typename T>
struct ShiftLeft {
  T operator()(T a, std::uint32_t by) const {
    return by >= 8 * sizeof(T) ? T{0} : static_cast<T>(std::uint64_t{a} << by);
  }
};
template <typename T>
struct ShiftRight {
  T operator()(T a, std::uint32_t by) const {
    constexpr std::uint32_t kMost = 8 * sizeof(T) - 1;
    if (std::is_unsigned_v<T> && by > kMost) return T{0};
    return static_cast<T>(a >> std::min(by, kMost));
  }
};
template <typename T>
struct CountOnes {
  std::uint32_t operator()(T a) const { return static_cast<std::uint32_t>(std::popcount(a)); }
};

template <typename T>
struct InsertField {
  T operator()(T field, T into, std::uint32_t at, std::uint32_t length) const {
    const ShiftLeft<T> shift;
    const T ones = static_cast<T>(~shift(static_cast<T>(~T{0}), length & 255U));
    const T mask = shift(ones, at & 255U);
    return (shift(field, at & 255U) & mask) | (into & ~mask);
  }
};
/// 32 bits of two words side by side, the second above the first: those from bit `by` % 32 on.
struct FunnelRight {
  std::uint32_t operator()(std::uint32_t low, std::uint32_t high, std::uint32_t by) const {
    return static_cast<std::uint32_t>((std::uint64_t{high} << 32 | low) >> by % 32);
  }
};
/// The upper 32 bits once both are shifted left by `by` % 32.
struct FunnelLeft {
  std::uint32_t operator()(std::uint32_t low, std::uint32_t high, std::uint32_t by) const {
    return static_cast<std::uint32_t>((std::uint64_t{high} << 32 | low) << by % 32 >> 32);
  }
};
template <template <typename> typename Function, typename T>
Compute shift() {
  return compute<Function<T>, T, T, std::uint32_t>;
}

template <typename T>
Compute insert_field() {
  return compute<InsertField<T>, T, T, T, std::uint32_t, std::uint32_t>;
}

Compute find_shift_left(Type type) {
  switch (bytes_of(type)) {
    case 2:
      return shift<ShiftLeft, std::uint16_t>();
    case 4:
      return shift<ShiftLeft, std::uint32_t>();
    default:
      return shift<ShiftLeft, std::uint64_t>();
  }
}

Compute find_shift_right(Type type) {
  switch (type) {
    case Type::kS16:
      return shift<ShiftRight, std::int16_t>();
    case Type::kB16:
    case Type::kU16:
      return shift<ShiftRight, std::uint16_t>();
    case Type::kS32:
      return shift<ShiftRight, std::int32_t>();
    case Type::kS64:
      return shift<ShiftRight, std::int64_t>();
    case Type::kB32:
    case Type::kU32:
      return shift<ShiftRight, std::uint32_t>();
    case Type::kB64:
    case Type::kU64:
      return shift<ShiftRight, std::uint64_t>();
    default:
      return nullptr;
  }
}

template <typename Function>
Compute funnel() {
  return compute<Function, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;
}

Compute find_count(Type type) {
  if (bytes_of(type) == 4) return compute<CountOnes<std::uint32_t>, std::uint32_t, std::uint32_t>;
  return compute<CountOnes<std::uint64_t>, std::uint32_t, std::uint64_t>;
}

}  // namespace

Compute find_bitwise(const Mnemonic& mnemonic) {
  const std::string& name = mnemonic.name;
  const Type type = mnemonic.type(0);
  if (name == "and") return for_bits<And, 2>(type);
  if (name == "or") return for_bits<Or, 2>(type);
  if (name == "xor") return for_bits<Xor, 2>(type);
  if (name == "not") return for_bits<Not, 1>(type);
  if (name == "shl") return find_shift_left(type);
  if (name == "shr") return find_shift_right(type);
  if (name == "shf" && mnemonic.has("wrap"))
    return mnemonic.has("r") ? funnel<FunnelRight>() : funnel<FunnelLeft>();
  if (name == "popc") return find_count(type);
  if (name == "bfi")
    return bytes_of(type) == 4 ? insert_field<std::uint32_t>() : insert_field<std::uint64_t>();
  return nullptr;
}

}  // namespace warpshard::ptx
