#include <cmath>
#include <limits>

#include "tests/ptx/lane_function.h"
#include "tests/ptx/lane_instructions.h"

namespace warpshard::ptx {
namespace {

struct Same {
  std::uint64_t operator()(std::uint64_t a) const { return a; }
};

/// Between integers, cut or extended by the source's sign; to a float, the nearest, ties to even.
template <typename To>
struct Convert {
  template <typename From>
  To operator()(From a) const {
    return static_cast<To>(a);
  }
};

enum class Rounding : std::uint8_t { kZero, kNearest, kDown };

template <Rounding kRounding, typename T>
T rounded(T a) {
  if constexpr (kRounding == Rounding::kZero) return std::trunc(a);
  if constexpr (kRounding == Rounding::kNearest) return std::nearbyint(a);
  if constexpr (kRounding == Rounding::kDown) return std::floor(a);
}

/// To the nearest that To has; what is not a number becomes 0.
template <typename To, Rounding kRounding>
struct RoundTo {
  template <typename From>
  To operator()(From a) const {
    const From whole = rounded<kRounding>(a);
    if constexpr (std::is_floating_point_v<To>) {
      return whole;
    } else {
      using Limits = std::numeric_limits<To>;
      // Exact: a power of two, one past the largest.
      const From past = std::ldexp(From{1}, Limits::digits);
      if (whole >= past) return Limits::max();
      if (whole < static_cast<From>(Limits::min())) return Limits::min();
      return whole == whole ? static_cast<To>(whole) : To{0};
    }
  }
};

template <typename Function, typename To>
Compute from_integer(Type from) {
  switch (from) {
    case Type::kU16:
      return compute<Function, To, std::uint16_t>;
    case Type::kS32:
      return compute<Function, To, std::int32_t>;
    case Type::kU32:
      return compute<Function, To, std::uint32_t>;
    case Type::kS64:
      return compute<Function, To, std::int64_t>;
    case Type::kU64:
      return compute<Function, To, std::uint64_t>;
    default:
      return nullptr;
  }
}

template <typename Function, typename To>
Compute from_float(Type from) {
  if (from == Type::kF32) return compute<Function, To, float>;
  if (from == Type::kF64) return compute<Function, To, double>;
  return nullptr;
}

template <typename To>
Compute rounding(const Mnemonic& mnemonic) {
  const Type from = mnemonic.type(1);
  if (mnemonic.has("rzi")) return from_float<RoundTo<To, Rounding::kZero>, To>(from);
  if (mnemonic.has("rni")) return from_float<RoundTo<To, Rounding::kNearest>, To>(from);
  if (mnemonic.has("rmi")) return from_float<RoundTo<To, Rounding::kDown>, To>(from);
  return nullptr;
}

template <typename To>
Compute converting(const Mnemonic& mnemonic) {
  const Type from = mnemonic.type(1);
  if (!is_float(from)) return from_integer<Convert<To>, To>(from);
  if (const Compute found = rounding<To>(mnemonic)) return found;
  return std::is_floating_point_v<To> ? from_float<Convert<To>, To>(from) : nullptr;
}

Compute find_cvt(const Mnemonic& mnemonic) {
  // Rounding of sums and products other than to the nearest is not known.
  for (const char* unknown : {"sat", "ftz", "rz", "rm", "rp"})
    if (mnemonic.has(unknown)) return nullptr;
  switch (mnemonic.type(0)) {
    case Type::kU16:
      return converting<std::uint16_t>(mnemonic);
    case Type::kS32:
      return converting<std::int32_t>(mnemonic);
    case Type::kU32:
      return converting<std::uint32_t>(mnemonic);
    case Type::kS64:
      return converting<std::int64_t>(mnemonic);
    case Type::kU64:
      return converting<std::uint64_t>(mnemonic);
    case Type::kF32:
      return converting<float>(mnemonic);
    case Type::kF64:
      return converting<double>(mnemonic);
    default:
      return nullptr;
  }
}

}  // namespace

Compute find_conversion(const Mnemonic& mnemonic) {
  if (mnemonic.name == "mov") return compute<Same, std::uint64_t, std::uint64_t>;
  if (mnemonic.name == "cvt" && mnemonic.types.size() == 2) return find_cvt(mnemonic);
  return nullptr;
}

}  // namespace warpshard::ptx
