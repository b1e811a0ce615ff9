#include "host/store/durable_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "host/io/output_file.h"

namespace warpshard::store {
namespace {

Error failure(const std::string& path) {
  return Error{path + ": " + std::strerror(errno)};
}

std::string folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

}  // namespace

std::optional<Error> write_durably(const std::string& path, std::string_view bytes) {
  if (auto error = io::write_file(path, bytes)) return error;
  if (!io::sync_folder(folder_of(path))) return failure(path);
  return std::nullopt;
}

std::optional<Error> make_folder_durably(const std::string& path) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::is_directory(path, ignored)) return std::nullopt;
  const std::string above = folder_of(path);
  if (above != path)
    if (auto error = make_folder_durably(above)) return error;
  if (mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return failure(path);
  if (!io::sync_folder(above)) return failure(path);
  return std::nullopt;
}

}  // namespace warpshard::store
