#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "warpshard/cost.h"

namespace warpshard::verify {

/// Reads a proof's words one after the other. After a word that is missing or not what was asked
/// for, failed() holds and everything read is 0 or empty.
class ProofWords {
 public:
  /// `text` must outlive this.
  explicit ProofWords(std::string_view text) : rest_(text) {}

  std::string_view word();
  /// From `least` to `most`.
  std::int64_t number(std::int64_t least, std::int64_t most);
  std::int32_t index(std::int64_t count) { return static_cast<std::int32_t>(number(0, count - 1)); }
  Int128 cost();
  /// The next word, to be read later; empty at the end.
  std::string_view peek();
  bool failed() const { return failed_; }
  void fail() { failed_ = true; }

 private:
  void skip_blanks();

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace warpshard::verify
