#include "host/cli/process_clock.h"

#include <unistd.h>

#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace warpshard::cli {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

const steady_clock::time_point kLoaded = steady_clock::now();

/// A process that became this program by exec is as old as the shell before it; one created longer
/// ago than any program takes to load is taken for such.
constexpr duration<double> kLongestLoad{2.0};

/// Seconds from boot to the creation of this process; field 22 of proc(5)'s stat.
std::optional<double> creation_after_boot() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const auto name_end = line.rfind(')');  // the name may itself contain spaces
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  double ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

steady_clock::time_point find_start() {
  const auto created = creation_after_boot();
  timespec now{};
  if (!created || clock_gettime(CLOCK_BOOTTIME, &now) != 0) return kLoaded;
  const auto steady_now = steady_clock::now();
  const double boot_now = static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  const duration<double> age{boot_now - *created};
  const auto start = steady_now - std::chrono::duration_cast<steady_clock::duration>(age);
  const bool plausible = start <= kLoaded && kLoaded - start < kLongestLoad;
  return plausible ? start : kLoaded;
}

}  // namespace

steady_clock::time_point process_start() {
  static const steady_clock::time_point start = find_start();
  return start;
}

steady_clock::time_point after_start(double seconds) {
  return process_start() +
         std::chrono::duration_cast<steady_clock::duration>(duration<double>(seconds));
}

double seconds_since_start() {
  return duration<double>(steady_clock::now() - process_start()).count();
}

}  // namespace warpshard::cli
