#include "host/store/layers.h"

#include <filesystem>
#include <set>
#include <sstream>
#include <utility>

namespace warpshard::store {

namespace fs = std::filesystem;

Result<Layers> Layers::parse(const std::string& text) {
  Layers layers;
  layers.writable_ = !text.starts_with(':');
  std::istringstream names(text);
  for (std::string name; std::getline(names, name, ':');) {
    if (name.empty()) continue;
    std::error_code ignored;
    if (fs::exists(name, ignored) && !fs::is_directory(name, ignored))
      return Error{name + ": not a folder"};
    layers.folders_.emplace_back(name);
  }
  if (layers.folders_.empty()) return Error{"no folder is named for the store"};
  return layers;
}

std::vector<std::string> Layers::keys() const {
  std::set<std::string> keys;
  for (const RecordFolder& folder : folders_) {
    const auto more = folder.keys();
    keys.insert(more.begin(), more.end());
  }
  return {keys.begin(), keys.end()};
}

std::vector<ReadRecord> Layers::read(const std::string& exact,
                                     std::vector<StoreFault>& faults) const {
  std::vector<ReadRecord> records;
  std::set<std::string> seen;
  for (const RecordFolder& folder : folders_)
    for (ReadRecord& read : folder.read(exact, faults))
      if (seen.insert(fs::path(read.path).filename().string()).second)
        records.push_back(std::move(read));
  return records;
}

}  // namespace warpshard::store
