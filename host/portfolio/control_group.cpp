#include "host/portfolio/control_group.h"

#include <fstream>

namespace warpshard {
namespace {

/// True if a list such as "cpu,cpuacct" names the controller.
bool names(std::string_view list, std::string_view controller) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == controller) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

}  // namespace

// A line is "0::/path" in version 2 and "number:controllers:/path" in version 1.
std::vector<std::filesystem::path> control_group_folders(std::string_view controller,
                                                         const ControlGroupPlaces& places) {
  std::vector<std::filesystem::path> folders;
  std::ifstream groups(places.membership);
  for (std::string line; std::getline(groups, line);) {
    const auto controllers = line.find(':');
    const auto path = line.find(':', controllers + 1);
    if (controllers == std::string::npos || path == std::string::npos) continue;
    const auto list = std::string_view(line).substr(controllers + 1, path - controllers - 1);
    const bool unified = list.empty();
    if (!unified && !names(list, controller)) continue;
    const auto base = unified ? places.root : places.root / controller;
    auto group = std::filesystem::path(line.substr(path + 1)).relative_path();
    for (; !group.empty(); group = group.parent_path()) folders.push_back(base / group);
    folders.push_back(base);
  }
  return folders;
}

}  // namespace warpshard
