#include "host/io/json_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "host/model/bytes.h"

namespace warpshard::io {
namespace {

constexpr std::size_t kWindow = std::size_t{1} << 18;
constexpr std::size_t kLongestToken = std::size_t{1} << 30;  // one list, string or number
/// A token takes so many times its length while it is read: the text in a window of twice its
/// length, simdjson's index and the numbers.
constexpr std::size_t kMemoryPerByte = 16;
constexpr std::size_t kDeepest = 1024;
constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;

bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool ends_scalar(char c) {
  return is_blank(c) || c == ',' || c == ']' || c == '}' || c == ':' || c == '[' || c == '{' ||
         c == '"';
}

std::string describe(char c) {
  if (c > ' ' && c < '\x7f') return std::string("'") + c + "'";
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("byte 0x") + kDigits[byte >> 4] + kDigits[byte & 15];
}

}  // namespace

JsonReader::JsonReader(ByteSource source, std::size_t most_bytes)
    : source_(std::move(source)),
      longest_token_(std::clamp(most_bytes / kMemoryPerByte, kWindow, kLongestToken)),
      window_(kWindow + kPadding) {
  while (end_ < 4 && refill("")) continue;
  if (end_ == 1) fail("", "the file is empty");
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (std::string_view(window_.data() + 1, end_ - 1).starts_with(kByteOrderMark)) position_ += 3;
}

bool JsonReader::refill(const std::string& where) {
  const std::size_t first = held_ ? hold_ : position_;
  if (end_ - first > longest_token_)
    fail(where, "a list, string or number of more than " +
                    describe_bytes(static_cast<double>(longest_token_)) + " at byte " +
                    std::to_string(offset()));
  const std::size_t shift = first - 1;
  if (shift > 0) std::memmove(window_.data() + 1, window_.data() + first, end_ - first);
  base_ += shift;
  hold_ -= held_ ? shift : 0;
  position_ -= shift;
  end_ -= shift;
  if (end_ + kPadding + kWindow / 4 > window_.size()) window_.resize(2 * window_.size());
  const std::size_t count = source_.read(window_.data() + end_, window_.size() - kPadding - end_);
  end_ += count;
  return count > 0;
}

char JsonReader::peek() {
  for (;;) {
    while (position_ < end_ && is_blank(window_[position_])) ++position_;
    if (position_ < end_) return window_[position_];
    if (!refill("")) return '\0';
  }
}

void JsonReader::unexpected(const std::string& wanted, const std::string& where) {
  peek();
  const std::string found =
      position_ == end_ ? "the end of the file" : describe(window_[position_]);
  fail(where, "expected " + wanted + " at byte " + std::to_string(offset()) + ", found " + found);
}

void JsonReader::expect(char wanted, const std::string& where) {
  if (peek() != wanted || position_ == end_) unexpected(describe(wanted), where);
  ++position_;
}

bool JsonReader::more(char close, const std::string& where) {
  const char next = peek();
  if (next == close) return false;
  if (next != ',') unexpected("',' or " + describe(close), where);
  ++position_;
  return true;
}

void JsonReader::pass_string(const std::string& where) {
  expect('"', where);
  for (;; ++position_) {
    if (at_end(where)) fail(where, "the file ends inside a string");
    if (window_[position_] == '"') break;
    if (window_[position_] == '\\') {
      ++position_;
      if (at_end(where)) fail(where, "the file ends inside a string");
    }
  }
  ++position_;
}

void JsonReader::pass_scalar(const std::string& where) {
  const std::uint64_t begin = offset();
  while (!at_end(where) && !ends_scalar(window_[position_])) ++position_;
  if (offset() == begin) unexpected("a value", where);
}

std::string JsonReader::read_string(const std::string& where) {
  if (peek() != '"') unexpected("a string", where);
  hold();
  const std::uint64_t start = offset();
  pass_string(where);
  simdjson::ondemand::document document;
  std::string_view content;
  if (parser_.iterate(held(), held_size(), held_size() + kPadding).get(document) !=
          simdjson::SUCCESS ||
      document.get_string().get(content) != simdjson::SUCCESS)
    fail(where, "not a valid string at byte " + std::to_string(start));
  release();
  return std::string(content);
}

std::string JsonReader::read_key(const std::string& where) {
  if (peek() != '"') unexpected("a key", where);
  std::string key = read_string(where);
  expect(':', where);
  return key;
}

std::int64_t JsonReader::read_integer(const std::string& where) {
  peek();
  hold();
  pass_scalar(where);
  simdjson::ondemand::document document;
  std::int64_t value = 0;
  if (parser_.iterate(held(), held_size(), held_size() + kPadding).get(document) !=
          simdjson::SUCCESS ||
      document.get_int64().get(value) != simdjson::SUCCESS)
    fail(where, "not a 64-bit integer");
  release();
  return value;
}

bool JsonReader::read_null() {
  if (peek() != 'n') return false;
  hold();
  pass_scalar("");
  release();
  if (std::string_view(held(), held_size()) == "null") return true;
  position_ = hold_;
  return false;
}

void JsonReader::skip_value(const std::string& where) {
  std::string closers;  // of the arrays and objects that are open, outermost first
  do {
    const char next = peek();
    if (next == '"') {
      pass_string(where);
    } else if (next == '[' || next == '{') {
      closers.push_back(next == '[' ? ']' : '}');
      if (closers.size() > kDeepest) fail(where, "nested more than 1024 deep");
      ++position_;
    } else if (!closers.empty() && next == closers.back()) {
      closers.pop_back();
      ++position_;
    } else if (!closers.empty() && (next == ',' || next == ':')) {
      ++position_;
    } else {
      pass_scalar(where);
    }
  } while (!closers.empty());
}

void JsonReader::expect_end() {
  if (peek(); position_ != end_) unexpected("the end of the file", "");
}

std::string_view JsonReader::read_list_text(const std::string& where) {
  std::size_t scanned = 0;
  for (;;) {
    const char* from = window_.data() + position_;
    const void* close = std::memchr(from + scanned, ']', end_ - position_ - scanned);
    if (close != nullptr) {
      const auto size = static_cast<std::size_t>(static_cast<const char*>(close) - from) + 1;
      position_ += size;
      return {from, size};
    }
    scanned = end_ - position_;
    if (!refill(where)) fail(where, "the file ends inside a list");
  }
}

}  // namespace warpshard::io
