#include "host/io/plan_io.h"

#include <simdjson.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>

namespace warpshard {
namespace {

constexpr const char* kBlanks = " \t\r\n";

Result<Plan> parse_plan(const std::string& line) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (parser.parse(line).get(array) != simdjson::SUCCESS)
    return Error{"the last line is not a plan such as [0, 3, 1]"};
  Plan plan;
  plan.reserve(array.size());
  for (const auto element : array) {
    std::int64_t value = 0;
    if (element.get(value) != simdjson::SUCCESS || value < 0 ||
        value > std::numeric_limits<std::int32_t>::max())
      return Error{"the plan's entry " + std::to_string(plan.size()) + " is not a strategy"};
    plan.push_back(static_cast<std::int32_t>(value));
  }
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
  std::ifstream file(path);
  if (!file) return Error{path + ": " + std::strerror(errno)};
  std::string last;
  for (std::string line; std::getline(file, line);) {
    const std::size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string::npos) continue;
    last = line.substr(begin, line.find_last_not_of(kBlanks) + 1 - begin);
  }
  if (file.bad()) return Error{path + ": " + std::strerror(errno)};
  if (last.empty()) return Error{path + ": no plan in it"};
  auto plan = parse_plan(last);
  if (!plan) return Error{path + ": " + plan.error().message};
  return plan;
}

}  // namespace warpshard
