#include "host/portfolio/threads.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <thread>

namespace warpshard {
namespace {

/// Cores that a group's folder allows; nothing where it sets no limit ("max" or -1).
std::optional<double> quota_of(const std::filesystem::path& folder) {
  double quota = 0;
  double period = 0;
  std::ifstream unified(folder / "cpu.max");
  if (!(unified >> quota >> period)) {
    std::ifstream(folder / "cpu.cfs_quota_us") >> quota;
    std::ifstream(folder / "cpu.cfs_period_us") >> period;
  }
  if (quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

}  // namespace

int default_threads(const ControlGroupPlaces& places) {
  // Counts the cores of the affinity mask.
  double cores = std::max(1U, std::thread::hardware_concurrency());
  for (const auto& folder : control_group_folders("cpu", places))
    if (const auto quota = quota_of(folder)) cores = std::min(cores, *quota);
  return std::max(1, static_cast<int>(cores));
}

}  // namespace warpshard
