#include "host/cli/memory_option.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace warpshard::cli {
namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
/// Part of what there is that a run takes unless told otherwise.
constexpr double kShare = 0.9;

/// "8G" in bytes; empty if it is no such thing, or nothing, or too much.
std::optional<std::int64_t> parse_bytes(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc() || end - rest > 1) return std::nullopt;
  const std::string units = "KMGT";
  if (rest != end) {
    const auto unit = units.find(*rest);
    if (unit == std::string::npos) return std::nullopt;
    number = std::ldexp(number, 10 * (static_cast<int>(unit) + 1));
  }
  constexpr double kMost = 0x1p62;
  if (!(number >= 1 && number <= kMost)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::int64_t number_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::int64_t number = 0;
  return file >> number ? number : kUnlimited;  // "max": no limit
}

/// The least limit of the control groups this process is in; cgroups(7), versions 2 and 1.
std::int64_t control_group_limit() {
  const std::filesystem::path root = "/sys/fs/cgroup";
  std::int64_t least = kUnlimited;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const auto path_at = line.find(':', line.find(':') + 1);
    if (path_at == std::string::npos) continue;
    const bool unified = line.starts_with("0::");
    if (!unified && line.find(":memory:") == std::string::npos) continue;
    const auto base = unified ? root : root / "memory";
    const char* name = unified ? "memory.max" : "memory.limit_in_bytes";
    auto group = std::filesystem::path(line.substr(path_at + 1)).relative_path();
    for (;; group = group.parent_path()) {
      least = std::min(least, number_in(base / group / name));
      if (group.empty()) break;
    }
  }
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
            if (!bytes) return "'" + text + "' is not a number of bytes such as 500M or 8G";
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
