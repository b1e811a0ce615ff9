#include "warpshard/plan.h"

#include <simdjson.h>
#include <unistd.h>

#include <limits>
#include <new>
#include <string_view>
#include <vector>

#include "host/io/byte_source.h"
#include "host/io/failure.h"
#include "host/io/standard_input.h"

namespace warpshard {
namespace {

constexpr const char* kBlanks = " \t\r\n";

constexpr std::size_t kPiece = std::size_t{1} << 16;
constexpr std::size_t kLongestLine = std::size_t{1} << 27;

/// Makes a line the last one, less the blanks around it.
void keep_unless_blank(const std::string& line, std::string& last) {
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return;
  last = line.substr(begin, line.find_last_not_of(kBlanks) + 1 - begin);
}

/// In a hint null and -1 stand for -1.
Result<Plan> parse_plan(const std::string& line, bool is_hint) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (parser.parse(line).get(array) != simdjson::SUCCESS)
    return Error{"the last line is not a plan such as [0, 3, 1]"};
  Plan plan;
  plan.reserve(array.size());
  for (const auto element : array) {
    std::int64_t value = is_hint && element.is_null() ? -1 : 0;
    if ((value == 0 && element.get(value) != simdjson::SUCCESS) || value < (is_hint ? -1 : 0) ||
        value > std::numeric_limits<std::int32_t>::max())
      return Error{"the plan's entry " + std::to_string(plan.size()) + " is not a strategy"};
    plan.push_back(static_cast<std::int32_t>(value));
  }
  return plan;
}

/// The last line that is not blank, less the blanks around it.
std::string last_line_of(io::ByteSource source) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::string last;
  std::string line;
  std::vector<char> piece(kPiece);
  bool is_first = true;
  const auto end_line = [&] {
    if (is_first && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    is_first = false;
    keep_unless_blank(line, last);
    line.clear();
  };
  while (const std::size_t count = source.read(piece.data(), piece.size())) {
    std::string_view rest(piece.data(), count);
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      line.append(rest.substr(0, end));
      end_line();
      rest.remove_prefix(end + 1);
    }
    line += rest;
    if (line.size() > kLongestLine) io::fail("", "a line of more than 128 MiB");
  }
  end_line();
  return last;
}

/// Loads what `open()` gives; `name` begins the messages.
template <typename Open>
Result<Plan> load(const std::string& name, bool is_hint, const Open& open) {
  try {
    const std::string last = last_line_of(io::ByteSource(open()));
    if (last.empty()) return Error{name + ": no plan in it"};
    auto plan = parse_plan(last, is_hint);
    if (!plan) return Error{name + ": " + plan.error().message};
    return plan;
  } catch (const io::Failure& failure) {
    return Error{name + ": " + failure.message};
  } catch (const std::bad_alloc&) {
    return Error{name + ": out of memory"};
  }
}

Result<Plan> load_file(const std::string& path, bool is_hint) {
  return load(path, is_hint, [&] { return io::open_file(path, {}); });
}

Result<Plan> load_standard_input(bool is_hint) {
  return load(io::kStandardInput, is_hint, [] { return io::open_descriptor(STDIN_FILENO, {}); });
}

}  // namespace

std::string format_plan(std::span<const std::int32_t> plan) {
  std::string text = "[";
  for (const std::int32_t strategy : plan) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(strategy);
  }
  return text + "]";
}

Result<Plan> load_plan(const std::string& path) {
  return load_file(path, /*is_hint=*/false);
}

Result<Plan> load_hint(const std::string& path) {
  return load_file(path, /*is_hint=*/true);
}

Result<Plan> io::load_plan_from_standard_input() {
  return load_standard_input(/*is_hint=*/false);
}

Result<Plan> io::load_hint_from_standard_input() {
  return load_standard_input(/*is_hint=*/true);
}

}  // namespace warpshard
