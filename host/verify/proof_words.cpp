#include "host/verify/proof_words.h"

#include <algorithm>
#include <charconv>

namespace warpshard::verify {
namespace {

constexpr std::string_view kBlanks = " \n";

}  // namespace

void ProofWords::skip_blanks() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size()));
}

std::string_view ProofWords::peek() {
  if (failed_) return {};
  skip_blanks();
  return rest_.substr(0, rest_.find_first_of(kBlanks));
}

std::string_view ProofWords::word() {
  const std::string_view next = peek();
  failed_ |= next.empty();
  rest_.remove_prefix(next.size());
  return next;
}

std::int64_t ProofWords::number(std::int64_t least, std::int64_t most) {
  const std::string_view text = word();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  failed_ |=
      error != std::errc() || end != text.data() + text.size() || value < least || value > most;
  return failed_ ? 0 : value;
}

Int128 ProofWords::cost() {
  constexpr std::size_t kMostDigits = 36;  // 10^36 < 2^120
  std::string_view text = word();
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  failed_ |= text.empty() || text.size() > kMostDigits ||
             text.find_first_not_of("0123456789") != std::string_view::npos;
  if (failed_) return 0;
  Int128 value = 0;
  for (const char digit : text) value = value * 10 + (digit - '0');
  return negative ? -value : value;
}

}  // namespace warpshard::verify
