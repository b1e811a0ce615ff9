#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/io/byte_source.h"
#include "host/io/failure.h"

namespace warpshard::io {

/// Pull reader over one JSON document of any size.
///
/// Only a window of the text is in memory. The reader finds its way through objects and arrays;
/// strings and numbers are left to simdjson. Values that are skipped are checked for balanced
/// brackets and closed strings, no more. `where` names the place in the document for messages.
/// Throws Failure.
class JsonReader {
 public:
  /// Memory for one list, string or number is limited to a part of `most_bytes`.
  explicit JsonReader(ByteSource source, std::size_t most_bytes = SIZE_MAX);

  /// The next character that is not blank, still to be read; '\0' at the end.
  char peek();
  /// Reads one character, which must be `wanted`.
  void expect(char wanted, const std::string& where);
  /// Fails with what was found instead of `wanted`.
  [[noreturn]] void unexpected(const std::string& wanted, const std::string& where);

  /// Reads an object; `on_member(key)` must read the member's value.
  template <typename OnMember>
  void read_object(const std::string& where, OnMember&& on_member) {
    expect('{', where);
    if (peek() != '}') {
      do on_member(read_key(where));
      while (more('}', where));
    }
    expect('}', where);
  }

  /// After an element: reads a comma and returns true, or returns false before `close`.
  bool more(char close, const std::string& where);

  /// Share of the file that was read; 0 if it has no known size.
  double share_read() const { return source_.share_read(); }

  std::string read_string(const std::string& where);
  std::int64_t read_integer(const std::string& where);
  /// Reads the literal if it comes next.
  bool read_null();
  void skip_value(const std::string& where);
  void expect_end();

  /// Keeps everything from here on in the window until release().
  void hold() {
    held_ = true;
    hold_ = position_;
  }
  void release() { held_ = false; }
  /// Reads from '[' to the next ']', both included, whatever is between. The text stays valid
  /// until the window moves.
  std::string_view read_list_text(const std::string& where);
  /// First byte since hold(). The byte before it and the one after the last one read may be
  /// overwritten, if put back; simdjson::SIMDJSON_PADDING bytes after that one can be read.
  char* held() { return window_.data() + hold_; }
  /// Bytes from hold() to here.
  std::size_t held_size() const { return position_ - hold_; }

 private:
  std::string read_key(const std::string& where);
  /// Reads from '"' to the closing '"', both included.
  void pass_string(const std::string& where);
  void pass_scalar(const std::string& where);
  /// Brings more text into the window, moving it; false at the end of the document.
  bool refill(const std::string& where);
  bool at_end(const std::string& where) { return position_ == end_ && !refill(where); }
  /// Position in the document.
  std::uint64_t offset() const { return base_ + position_ - 1; }

  ByteSource source_;
  std::size_t longest_token_;  ///< bytes of one list, string or number
  simdjson::ondemand::parser parser_;
  std::vector<char> window_;
  std::uint64_t base_ = 0;    ///< bytes of the document before the window
  bool held_ = false;         ///< hold_ says what to keep when the window moves
  std::size_t hold_ = 1;      ///< byte 0 of the window is spare, see held()
  std::size_t position_ = 1;  ///< next byte to read
  std::size_t end_ = 1;       ///< end of the text in the window
};

}  // namespace warpshard::io
