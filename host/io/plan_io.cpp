#include "warpshard/plan.h"

#include <simdjson.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <string_view>
#include <vector>

namespace warpshard {
namespace {

constexpr const char* kBlanks = " \t\r\n";

constexpr std::streamsize kPiece = std::streamsize{1} << 16;
constexpr std::size_t kLongestLine = std::size_t{1} << 27;

/// Makes a line the last one, less the blanks around it.
void keep_unless_blank(const std::string& line, std::string& last) {
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return;
  last = line.substr(begin, line.find_last_not_of(kBlanks) + 1 - begin);
}

/// `open`: null and -1 stand for -1.
Result<Plan> parse_plan(const std::string& line, bool open) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (parser.parse(line).get(array) != simdjson::SUCCESS)
    return Error{"the last line is not a plan such as [0, 3, 1]"};
  Plan plan;
  plan.reserve(array.size());
  for (const auto element : array) {
    std::int64_t value = open && element.is_null() ? -1 : 0;
    if ((value == 0 && element.get(value) != simdjson::SUCCESS) || value < (open ? -1 : 0) ||
        value > std::numeric_limits<std::int32_t>::max())
      return Error{"the plan's entry " + std::to_string(plan.size()) + " is not a strategy"};
    plan.push_back(static_cast<std::int32_t>(value));
  }
  return plan;
}

Result<Plan> load(const std::string& path, bool open) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{path + ": " + std::strerror(errno)};
  std::string last;
  std::string line;
  std::vector<char> piece(kPiece);
  while (file.read(piece.data(), kPiece), file.gcount() > 0) {
    std::string_view rest(piece.data(), static_cast<std::size_t>(file.gcount()));
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      keep_unless_blank(line.append(rest.substr(0, end)), last);
      line.clear();
      rest.remove_prefix(end + 1);
    }
    line += rest;
    if (line.size() > kLongestLine) return Error{path + ": a line of more than 128 MiB"};
  }
  if (file.bad()) return Error{path + ": " + std::strerror(errno)};
  keep_unless_blank(line, last);
  if (last.empty()) return Error{path + ": no plan in it"};
  auto plan = parse_plan(last, open);
  if (!plan) return Error{path + ": " + plan.error().message};
  return plan;
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
  return load(path, /*open=*/false);
}

Result<Plan> load_hint(const std::string& path) {
  return load(path, /*open=*/true);
}

}  // namespace warpshard
