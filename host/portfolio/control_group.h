#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace warpshard {

/// Where Linux says which control groups a process is in, and what these may have; cgroups(7).
struct ControlGroupPlaces {
  std::filesystem::path membership = "/proc/self/cgroup";
  std::filesystem::path root = "/sys/fs/cgroup";
};

/// Folders of the control groups, of version 2 and 1, that limit this process by `controller`
/// ("cpu", "memory"), from the innermost outwards. Folders that do not exist may be among them: in
/// a container the names are often those outside.
std::vector<std::filesystem::path> control_group_folders(std::string_view controller,
                                                         const ControlGroupPlaces& places = {});

}  // namespace warpshard
