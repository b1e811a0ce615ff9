#include "host/cli/duration_option.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <map>
#include <optional>
#include <string>

namespace warpshard::cli {
namespace {

struct Quantity {
  double number = 0;
  std::string unit;
};

/// A number, and what follows it.
std::optional<Quantity> quantity(const std::string& text) {
  Quantity quantity;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, quantity.number);
  if (error != std::errc() || !(quantity.number >= 0) || quantity.number > 1e9) return std::nullopt;
  quantity.unit.assign(rest, end);
  return quantity;
}

/// Numbers times what their unit stands for.
std::optional<double> scaled(const std::string& text, const std::map<std::string, double>& units) {
  const auto read = quantity(text);
  if (!read) return std::nullopt;
  const auto unit = units.find(read->unit);
  if (unit == units.end()) return std::nullopt;
  return read->number * unit->second;
}

std::string digits(double value) {
  return CLI::detail::to_string(value);
}

}  // namespace

CLI::Validator duration() {
  return {
      [](std::string& text) -> std::string {
        const auto value = scaled(text, {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}});
        if (!value || *value <= 0) return "'" + text + "' is not a time such as 90s, 30m or 8h";
        text = digits(*value);
        return {};
      },
      ""};
}

CLI::Validator share() {
  return {[](std::string& text) -> std::string {
            const auto value = scaled(text, {{"", 1}, {"%", 0.01}});
            if (!value || *value > 1) return "'" + text + "' is not a share such as 0.001 or 0.1%";
            text = digits(*value);
            return {};
          },
          ""};
}

}  // namespace warpshard::cli
