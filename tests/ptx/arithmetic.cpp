#include <cmath>
#include <limits>

#include "tests/ptx/lane_function.h"
#include "tests/ptx/lane_instructions.h"

namespace warpshard::ptx {
namespace {

__extension__ using Signed128 = __int128;
__extension__ using Unsigned128 = unsigned __int128;

/// The next wider number, signed if T is.
template <typename T>
using Wide =
    std::conditional_t<sizeof(T) == 4,
                       std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>,
                       std::conditional_t<std::is_signed_v<T>, Signed128, Unsigned128>>;

// Integers are added and multiplied as unsigned ones, which may wrap; 16 bits as 32, since C++
// would make them signed.

struct Add {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(a + b);
  }
};
struct Subtract {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>(a - b);
  }
};
struct Multiply {
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (sizeof(T) == 2) {
      return static_cast<T>(std::uint32_t{a} * b);
    } else if constexpr (std::same_as<T, bool>) {
      return a && b;  // never asked for
    } else {
      return a * b;
    }
  }
};
struct MultiplyAdd {
  template <typename T>
  T operator()(T a, T b, T c) const {
    return Add{}(Multiply{}(a, b), c);
  }
};
struct FusedMultiplyAdd {
  template <typename T>
  T operator()(T a, T b, T c) const {
    return std::fma(a, b, c);
  }
};
struct High {
  template <typename T>
  T operator()(T a, T b) const {
    return static_cast<T>((static_cast<Wide<T>>(a) * b) >> (8 * sizeof(T)));
  }
};
template <typename T>
struct WideMultiply {
  Wide<T> operator()(T a, T b) const { return static_cast<Wide<T>>(a) * b; }
};
/// What PTX leaves open has some value here and no fault.
template <typename T>
bool has_quotient(T a, T b) {
  return b != 0 &&
         !(std::is_signed_v<T> && a == std::numeric_limits<T>::min() && b == static_cast<T>(-1));
}
struct Divide {
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (std::is_integral_v<T>)
      if (!has_quotient(a, b)) return a;
    return static_cast<T>(a / b);
  }
};
struct Remainder {
  template <typename T>
  T operator()(T a, T b) const {
    return has_quotient(a, b) ? static_cast<T>(a % b) : T{0};
  }
};
/// What is not a number loses; -0 is less than 0.
struct Least {
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      if (a == b) return std::signbit(a) ? a : b;
      return std::fmin(a, b);
    } else {
      return b < a ? b : a;
    }
  }
};
struct Greatest {
  template <typename T>
  T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) {
      if (a == b) return std::signbit(a) ? b : a;
      return std::fmax(a, b);
    } else {
      return a < b ? b : a;
    }
  }
};
struct Negate {
  template <typename T>
  T operator()(T a) const {
    if constexpr (std::is_floating_point_v<T>)
      return -a;
    else
      return static_cast<T>(0 - a);
  }
};
struct Magnitude {
  template <typename T>
  T operator()(T a) const {
    if constexpr (std::is_floating_point_v<T>)
      return std::fabs(a);
    else
      return a < 0 ? static_cast<T>(Negate{}(std::make_unsigned_t<T>(a))) : a;
  }
};
/// Approximations, too: a GPU's may differ in the last bit.
struct Reciprocal {
  template <typename T>
  T operator()(T a) const {
    return 1 / a;
  }
};
template <typename Function, int kOperands>
Compute for_numbers(Type type) {
  const Compute found = for_bits<Function, kOperands>(type);
  return found != nullptr && type != Type::kPred ? found : for_float<Function, kOperands>(type);
}

template <typename Function, int kOperands>
Compute for_order(Type type) {
  const Compute found = for_signed<Function, kOperands>(type);
  return found != nullptr ? found : for_float<Function, kOperands>(type);
}

Compute find_wide(Type type) {
  if (type == Type::kS32)
    return compute<WideMultiply<std::int32_t>, std::int64_t, std::int32_t, std::int32_t>;
  if (type == Type::kU32)
    return compute<WideMultiply<std::uint32_t>, std::uint64_t, std::uint32_t, std::uint32_t>;
  return nullptr;
}

Compute find_product(const Mnemonic& mnemonic) {
  const Type type = mnemonic.type(0);
  if (mnemonic.has("wide")) return find_wide(type);
  return mnemonic.has("hi") ? for_signed<High, 2>(type) : for_numbers<Multiply, 2>(type);
}

}  // namespace

Compute find_arithmetic(const Mnemonic& mnemonic) {
  // Carries and saturation are not known; flushing of denormals only where the hardware
  // approximates anyway.
  const std::string& name = mnemonic.name;
  if (mnemonic.has("cc") || mnemonic.has("sat")) return nullptr;
  if (mnemonic.has("ftz") && !mnemonic.has("approx")) return nullptr;
  const Type type = mnemonic.type(0);
  if (name == "add") return for_numbers<Add, 2>(type);
  if (name == "sub") return for_numbers<Subtract, 2>(type);
  if (name == "mul") return find_product(mnemonic);
  if (name == "mad" && mnemonic.has("lo")) return for_bits<MultiplyAdd, 3>(type);
  if (name == "fma") return for_float<FusedMultiplyAdd, 3>(type);
  if (name == "div") return for_order<Divide, 2>(type);
  if (name == "rem") return for_signed<Remainder, 2>(type);
  if (name == "min") return for_order<Least, 2>(type);
  if (name == "max") return for_order<Greatest, 2>(type);
  if (name == "neg") return for_numbers<Negate, 1>(type);
  if (name == "abs") return for_order<Magnitude, 1>(type);
  if (name == "rcp") return for_float<Reciprocal, 1>(type);
  return nullptr;
}

}  // namespace warpshard::ptx
