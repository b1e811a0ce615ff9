#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/ptx/type.h"

namespace warpshard::ptx {

/// An instruction's name in its parts: "cvt.rzi.s32.f32" is cvt, {rzi, s32, f32}, {s32, f32}.
struct Mnemonic {
  explicit Mnemonic(std::string_view text);

  std::string text;
  std::string name;
  std::vector<std::string> modifiers;  ///< types, too
  std::vector<Type> types;

  bool has(std::string_view modifier) const;
  /// The n-th type from the front, else `otherwise`.
  Type type(std::size_t n, Type otherwise = Type::kB32) const {
    return n < types.size() ? types[n] : otherwise;
  }
};

}  // namespace warpshard::ptx
