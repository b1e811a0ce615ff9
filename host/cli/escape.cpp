#include "host/cli/escape.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace warpshard::cli {
namespace {

/// A character, and how many bytes it takes; 0 bytes: the text does not begin with UTF-8.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;
};

Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xc0 || lead >= 0xf8 || text.size() < bytes) return {};
  std::uint32_t code = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kLeast[bytes] || code > 0x10ffff || is_surrogate) return {};
  return {code, bytes};
}

bool is_shown_as_it_is(std::uint32_t code) {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;  // control characters
  if (code == 0x61c || code == 0xfeff) return false;
  if (code >= 0x200b && code <= 0x200f) return false;  // of no width; directions
  if (code >= 0x2028 && code <= 0x202e) return false;  // ends of lines; directions
  return code < 0x2060 || code > 0x206f;
}

template <typename Number>
std::string formatted(const char* format, Number number) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, static_cast<unsigned>(number));
  return text.data();
}

std::string escape_of(std::uint32_t code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return formatted(code < 0x80 ? "\\x%02x" : "\\u{%x}", code);
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Character next = first_of(text);
    if (next.bytes == 0)
      result += formatted("\\x%02x", static_cast<unsigned char>(text.front()));
    else if (is_shown_as_it_is(next.code))
      result += text.substr(0, next.bytes);
    else
      result += escape_of(next.code);
    text.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
  }
  return result;
}

}  // namespace warpshard::cli
