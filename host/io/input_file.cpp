#include "host/io/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace warpshard::io {
namespace {

/// Reads to the end of an open file; false leaves the reason in errno.
bool read_all(int descriptor, std::string& bytes) {
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t count = read(descriptor, bytes.data() + have, bytes.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return true;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  // Not to wait at a pipe, which is no file.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status {};
  std::string bytes;
  std::string reason;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    reason = std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    reason = "not a file";
  } else if (static_cast<std::size_t>(status.st_size) > most) {
    reason = "too large";
  } else {
    bytes.resize(static_cast<std::size_t>(status.st_size));
    if (!read_all(descriptor, bytes)) reason = std::strerror(errno);
  }
  if (descriptor >= 0) close(descriptor);
  if (!reason.empty()) return Error{path + ": " + reason};
  return bytes;
}

}  // namespace warpshard::io
