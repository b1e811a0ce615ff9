#include "host/io/list_reader.h"

#include <utility>

#include "host/io/failure.h"
#include "host/model/bytes.h"

namespace warpshard::io {
namespace {

constexpr std::size_t kStretch = std::size_t{1} << 16;  // bytes per document for simdjson

}  // namespace

void ListReader::read() {
  reader_.expect('[', where_);
  if (reader_.peek() != ']') {
    do read_one();
    while (reader_.more(']', where_));
    parse_held();
  }
  reader_.expect(']', where_);
}

void ListReader::read_one() {
  if (budget_.taken + sink_.bytes() > budget_.most) refuse();
  if (reader_.peek() != '[') reader_.unexpected("a list", where_);
  if (held_ == 0) reader_.hold();
  const std::size_t before = reader_.held_size();
  const std::string_view text = reader_.read_list_text(where_);
  if (sink_.knows(text)) {
    parse_held();
    reader_.release();
    sink_.repeat();
    ++index_;
    return;
  }
  held_ = before + text.size();
  if (held_ >= kStretch) parse_held();
}

// Wraps the lists in brackets of their own where they are, to save a copy.
void ListReader::parse_held() {
  if (held_ == 0) return;
  char* const begin = reader_.held();
  char* const end = begin + held_;
  const char before = std::exchange(begin[-1], '[');
  const char after = std::exchange(*end, ']');
  parse(begin - 1, held_ + 2);
  begin[-1] = before;
  *end = after;
  held_ = 0;
  reader_.release();
}

void ListReader::parse(char* text, std::size_t size) {
  using simdjson::ondemand::array;
  simdjson::ondemand::document document;
  array lists;
  if (parser_.iterate(text, size, size + simdjson::SIMDJSON_PADDING).get(document) !=
          simdjson::SUCCESS ||
      document.get_array().get(lists) != simdjson::SUCCESS)
    fail_in({text, size});
  // A number takes two bytes at least, with its comma.
  if (values_.size() < size / 2) values_.resize(size / 2);
  for (auto element : lists) {
    array list;
    if (element.get_array().get(list) != simdjson::SUCCESS)
      fail(at(where_, index_), "not a list of integers");
    std::size_t count = 0;
    for (auto number : list) {
      std::int64_t value = 0;
      if (number.get_int64().get(value) != simdjson::SUCCESS)
        fail(at(at(where_, index_), static_cast<std::int64_t>(count)), "not a 64-bit integer");
      values_[count++] = value;
    }
    sink_.list(index_, {values_.data(), count});
    ++index_;
  }
}

void ListReader::refuse() const {
  std::string message = "the instance needs more than the " +
                        describe_bytes(static_cast<double>(budget_.most)) +
                        " of memory that are allowed";
  const int percent = static_cast<int>(100 * reader_.share_read());
  if (percent > 0) message += " (for " + std::to_string(percent) + "% of the file)";
  fail(at(where_, index_), message);
}

// simdjson refused the text as a whole and does not say where: find the first list with a byte that
// no list of numbers contains.
void ListReader::fail_in(std::string_view text) {
  constexpr std::string_view kExpected = "0123456789+-.eE, \t\r\n";
  std::int64_t lists = 0;
  bool inside = false;
  for (const char c : text.substr(1, text.size() - 2)) {
    if (c == '[' ? inside : c != ']' && kExpected.find(c) == std::string_view::npos) break;
    if (c == ']') ++lists;
    inside = c != ']' && (inside || c == '[');
  }
  fail(at(where_, index_ + lists), "not a list of integers");
}

}  // namespace warpshard::io
