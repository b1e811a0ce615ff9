#include "host/io/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "host/io/failure.h"

namespace warpshard::io {
namespace {

constexpr unsigned kInflateBuffer = 1 << 16;
constexpr std::size_t kMostPerRead = std::size_t{1} << 30;  // gzread counts in int

}  // namespace

ByteSource::ByteSource(const std::string& path) : file_(gzopen(path.c_str(), "rb")) {
  if (!file_) fail("", errno != 0 ? std::strerror(errno) : "out of memory");
  gzbuffer(file_.get(), kInflateBuffer);
  std::error_code not_a_file;
  const auto size = std::filesystem::file_size(path, not_a_file);
  if (!not_a_file) size_ = size;
}

double ByteSource::share_read() const {
  const auto read = gzoffset(file_.get());
  return size_ == 0 || read <= 0 ? 0 : static_cast<double>(read) / static_cast<double>(size_);
}

std::size_t ByteSource::read(char* destination, std::size_t capacity) {
  const auto wanted = static_cast<unsigned>(std::min(capacity, kMostPerRead));
  errno = 0;
  const int count = gzread(file_.get(), destination, wanted);
  if (count > 0) return static_cast<std::size_t>(count);
  int code = Z_OK;
  const char* text = gzerror(file_.get(), &code);
  if (code == Z_ERRNO) fail("", std::strerror(errno));
  // A stream that was cut off reads as a short file; zlib only leaves this mark.
  if (code == Z_BUF_ERROR) fail("", "the gzip stream is cut off");
  if (count < 0 || (code != Z_OK && code != Z_STREAM_END))
    fail("", std::string("the gzip stream is damaged (") + text + ")");
  return 0;
}

}  // namespace warpshard::io
