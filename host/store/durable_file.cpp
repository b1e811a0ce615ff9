#include "host/store/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

namespace warpshard::store {
namespace {

Error failure(const std::string& path) {
  return Error{path + ": " + std::strerror(errno)};
}

/// An open file; closed, whatever happens.
class Descriptor {
 public:
  Descriptor(const std::string& path, int flags)
      : value_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return value_; }
  bool valid() const { return value_ >= 0; }
  /// False where the file system reports only now that something was not written.
  bool close() {
    const bool closed = value_ < 0 || ::close(value_) == 0;
    value_ = -1;
    return closed;
  }

 private:
  int value_;
};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool sync_folder(const std::string& path) {
  const Descriptor folder(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY);
  if (!folder.valid()) return false;
  // Some network file systems know no fsync of a folder; their rename is durable by itself.
  return fsync(folder.get()) == 0 || errno == EINVAL || errno == ENOTSUP;
}

std::string folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

/// Unlike any other writer's, on this machine or another that shares the folder.
std::string temporary_name() {
  static std::atomic<std::uint64_t> count{0};
  std::array<char, 64> host{};
  gethostname(host.data(), host.size() - 1);
  for (char& c : host)
    if (c == '/') c = '_';
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return std::string(kTemporaryPrefix) + host.data() + "-" + std::to_string(getpid()) + "-" +
         std::to_string(now) + "-" + std::to_string(count++);
}

}  // namespace

std::optional<Error> write_durably(const std::string& path, std::string_view bytes) {
  const std::string folder = folder_of(path);
  const std::string temporary = (std::filesystem::path(folder) / temporary_name()).string();
  Descriptor file(temporary, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.valid()) return failure(path);
  if (!write_all(file.get(), bytes) || fsync(file.get()) != 0 || !file.close() ||
      std::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = failure(path);
    unlink(temporary.c_str());
    return error;
  }
  if (!sync_folder(folder)) return failure(path);
  return std::nullopt;
}

std::optional<Error> make_folder_durably(const std::string& path) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::is_directory(path, ignored)) return std::nullopt;
  const std::string above = folder_of(path);
  if (above != path)
    if (auto error = make_folder_durably(above)) return error;
  if (mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return failure(path);
  if (!sync_folder(above)) return failure(path);
  return std::nullopt;
}

Result<std::string> read_bytes(const std::string& path, std::size_t most) {
  const Descriptor file(path, O_RDONLY);
  struct stat status {};
  if (!file.valid() || fstat(file.get(), &status) != 0) return failure(path);
  if (!S_ISREG(status.st_mode)) return Error{path + ": not a file"};
  if (static_cast<std::size_t>(status.st_size) > most) return Error{path + ": too large"};
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t count = read(file.get(), bytes.data() + have, bytes.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(path);
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace warpshard::store
