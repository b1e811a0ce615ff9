#include "tests/ptx/mnemonic.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <utility>

namespace warpshard::ptx {
namespace {

std::optional<Type> type_named(std::string_view name) {
  using enum Type;
  constexpr std::array<std::pair<std::string_view, Type>, 15> kNames{{{"pred", kPred},
                                                                      {"b8", kB8},
                                                                      {"u8", kU8},
                                                                      {"s8", kS8},
                                                                      {"b16", kB16},
                                                                      {"u16", kU16},
                                                                      {"s16", kS16},
                                                                      {"b32", kB32},
                                                                      {"u32", kU32},
                                                                      {"s32", kS32},
                                                                      {"f32", kF32},
                                                                      {"b64", kB64},
                                                                      {"u64", kU64},
                                                                      {"s64", kS64},
                                                                      {"f64", kF64}}};
  for (const auto& [known, type] : kNames)
    if (known == name) return type;
  return std::nullopt;
}

}  // namespace

Mnemonic::Mnemonic(std::string_view whole) : text(whole) {
  std::istringstream parts(text);
  std::getline(parts, name, '.');
  for (std::string part; std::getline(parts, part, '.');) {
    if (const auto type = type_named(part)) types.push_back(*type);
    modifiers.push_back(std::move(part));
  }
}

bool Mnemonic::has(std::string_view modifier) const {
  return std::ranges::find(modifiers, modifier) != modifiers.end();
}

}  // namespace warpshard::ptx
