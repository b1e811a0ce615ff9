#include "host/cli/memory_option.h"

#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "host/portfolio/control_group.h"

namespace warpshard::cli {
namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
/// Part of what there is that a run takes unless told otherwise.
constexpr double kShare = 0.9;

/// What a unit multiplies by: powers of 1024 for G and GiB, of 1000 for GB; small letters too.
std::optional<double> factor_of(std::string unit) {
  std::ranges::transform(unit, unit.begin(), [](unsigned char c) { return std::toupper(c); });
  if (unit.empty() || unit == "B") return 1;
  const auto power = std::string_view("KMGT").find(unit.front());
  if (power == std::string_view::npos) return std::nullopt;
  const auto rest = unit.substr(1);
  if (rest == "B") return std::pow(1000.0, static_cast<double>(power + 1));
  if (rest.empty() || rest == "IB") return std::pow(1024.0, static_cast<double>(power + 1));
  return std::nullopt;
}

/// "8G" in bytes; empty if it is no such thing, or nothing, or too much.
std::optional<std::int64_t> parse_bytes(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  const auto factor = factor_of(std::string(rest, end));
  constexpr double kMost = 0x1p62;
  if (!factor || !(number * *factor >= 1 && number * *factor <= kMost)) return std::nullopt;
  return static_cast<std::int64_t>(number * *factor);
}

std::int64_t number_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::int64_t number = 0;
  return file >> number ? number : kUnlimited;  // "max": no limit
}

/// The least limit of the control groups this process is in, of versions 2 and 1.
std::int64_t control_group_limit() {
  std::int64_t least = kUnlimited;
  for (const auto& folder : control_group_folders("memory"))
    for (const char* name : {"memory.max", "memory.limit_in_bytes"})
      least = std::min(least, number_in(folder / name));
  return least;
}

std::int64_t address_space_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
  return static_cast<std::int64_t>(limit.rlim_cur);
}

std::int64_t physical_memory() {
  const std::int64_t pages = sysconf(_SC_PHYS_PAGES);
  const std::int64_t page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? pages * page : kUnlimited;
}

/// Turns "8G" into a number of bytes, which is what the option reads.
CLI::Validator byte_count() {
  return {[](std::string& text) -> std::string {
            const auto bytes = parse_bytes(text);
            if (!bytes) return "'" + text + "' is not a number of bytes such as 500M, 8GB or 8e9";
            text = std::to_string(*bytes);
            return {};
          },
          ""};
}

}  // namespace

std::int64_t default_memory() {
  const std::int64_t there =
      std::min({physical_memory(), control_group_limit(), address_space_limit()});
  return static_cast<std::int64_t>(kShare * static_cast<double>(there));
}

std::int64_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  return file >> size >> resident ? resident * sysconf(_SC_PAGESIZE) : 0;
}

void add_memory_option(CLI::App& app, std::int64_t& bytes) {
  app.add_option("--memory", bytes,
                 "memory the process may have; default: nine tenths of what "
                 "there is")
      ->transform(byte_count())
      ->type_name("BYTES");
}

}  // namespace warpshard::cli
