#include "host/tune/tuned_files.h"

#include <charconv>
#include <filesystem>
#include <map>
#include <set>

namespace warpshard::tune {
namespace {

namespace fs = std::filesystem;

bool is_instance_name(const std::string& name) {
  return name.ends_with(".json") || name.ends_with(".json.gz");
}

std::optional<Error> add_path(const std::string& path, std::set<std::string>& files) {
  std::error_code error;
  const fs::path absolute = fs::weakly_canonical(path, error);
  if (error || !fs::exists(absolute, error)) return Error{path + ": not there"};
  if (!fs::is_directory(absolute, error)) {
    files.insert(absolute.string());
    return std::nullopt;
  }
  for (fs::recursive_directory_iterator entry(absolute, error), end; !error && entry != end;
       entry.increment(error))
    if (is_instance_name(entry->path().filename().string()) && !entry->is_directory(error))
      files.insert(entry->path().string());
  if (error) return Error{path + ": " + error.message()};
  return std::nullopt;
}

Result<std::map<std::string, double>> parse_weights(const std::vector<std::string>& weights) {
  std::map<std::string, double> result;
  for (const std::string& text : weights) {
    const auto equals = text.rfind('=');
    double weight = 0;
    const char* end = text.data() + text.size();
    if (equals == std::string::npos ||
        std::from_chars(text.data() + equals + 1, end, weight).ptr != end || !(weight > 0))
      return Error{"'" + text + "' is not NAME=W with a weight above 0"};
    result[text.substr(0, equals)] = weight;
  }
  return result;
}

}  // namespace

Result<std::vector<TunedFile>> tuned_files(const std::vector<std::string>& paths,
                                           const std::vector<std::string>& weights,
                                           const Shard& shard) {
  const auto weight_of = parse_weights(weights);
  if (!weight_of) return weight_of.error();
  std::set<std::string> all;
  for (const std::string& path : paths)
    if (auto error = add_path(path, all)) return *error;
  std::vector<TunedFile> files;
  std::int64_t place = 0;
  for (const std::string& file : all) {
    if (!shard.owns(place++)) continue;
    const auto weight = weight_of->find(fs::path(file).filename().string());
    files.push_back({file, weight == weight_of->end() ? 1.0 : weight->second});
  }
  return files;
}

}  // namespace warpshard::tune
