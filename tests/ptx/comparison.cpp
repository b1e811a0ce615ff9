#include "tests/ptx/lane_function.h"
#include "tests/ptx/lane_instructions.h"

namespace warpshard::ptx {
namespace {

// The negated ones hold for what is not a number.

struct Equal {
  template <typename T>
  bool operator()(T a, T b) const {
    return a == b;
  }
};
struct Different {
  template <typename T>
  bool operator()(T a, T b) const {
    return a < b || a > b;
  }
};
struct Less {
  template <typename T>
  bool operator()(T a, T b) const {
    return a < b;
  }
};
struct AtMost {
  template <typename T>
  bool operator()(T a, T b) const {
    return a <= b;
  }
};
struct Greater {
  template <typename T>
  bool operator()(T a, T b) const {
    return a > b;
  }
};
struct AtLeast {
  template <typename T>
  bool operator()(T a, T b) const {
    return a >= b;
  }
};
template <typename Function>
struct Negated {
  template <typename T>
  bool operator()(T a, T b) const {
    return !Function{}(a, b);
  }
};
template <typename Function>
Compute for_operands(Type type) {
  switch (type) {
    case Type::kS16:
      return compute<Function, bool, std::int16_t, std::int16_t>;
    case Type::kB16:
    case Type::kU16:
      return compute<Function, bool, std::uint16_t, std::uint16_t>;
    case Type::kS32:
      return compute<Function, bool, std::int32_t, std::int32_t>;
    case Type::kB32:
    case Type::kU32:
      return compute<Function, bool, std::uint32_t, std::uint32_t>;
    case Type::kS64:
      return compute<Function, bool, std::int64_t, std::int64_t>;
    case Type::kB64:
    case Type::kU64:
      return compute<Function, bool, std::uint64_t, std::uint64_t>;
    case Type::kF32:
      return compute<Function, bool, float, float>;
    case Type::kF64:
      return compute<Function, bool, double, double>;
    default:
      return nullptr;
  }
}

Compute find_setp(const Mnemonic& mnemonic) {
  // Comparison and type alone: what combines with a third predicate is not known.
  if (mnemonic.modifiers.size() != 2) return nullptr;
  const std::string& how = mnemonic.modifiers[0];
  const Type type = mnemonic.type(0);
  if (how == "eq") return for_operands<Equal>(type);
  if (how == "ne") return for_operands<Different>(type);
  if (how == "lt") return for_operands<Less>(type);
  if (how == "le") return for_operands<AtMost>(type);
  if (how == "gt") return for_operands<Greater>(type);
  if (how == "ge") return for_operands<AtLeast>(type);
  if (how == "equ") return for_operands<Negated<Different>>(type);
  if (how == "neu") return for_operands<Negated<Equal>>(type);
  if (how == "ltu") return for_operands<Negated<AtLeast>>(type);
  if (how == "leu") return for_operands<Negated<Greater>>(type);
  if (how == "gtu") return for_operands<Negated<AtMost>>(type);
  if (how == "geu") return for_operands<Negated<Less>>(type);
  return nullptr;
}

struct Choose {
  std::uint64_t operator()(std::uint64_t a, std::uint64_t b, bool first) const {
    return first ? a : b;
  }
};

}  // namespace

Compute find_comparison(const Mnemonic& mnemonic) {
  using Bits = std::uint64_t;
  if (mnemonic.name == "setp") return find_setp(mnemonic);
  if (mnemonic.name == "selp") return compute<Choose, Bits, Bits, Bits, bool>;
  return nullptr;
}

}  // namespace warpshard::ptx
