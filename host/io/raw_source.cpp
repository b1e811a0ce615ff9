#include "host/io/raw_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <istream>

#include "host/io/failure.h"

namespace warpshard::io {
namespace {

[[noreturn]] void fail_with(int code) {
  fail("", std::strerror(code));
}

class DescriptorSource : public RawSource {
 public:
  DescriptorSource(int descriptor, bool owned, const StopToken& stop)
      : descriptor_(descriptor), owned_(owned), stop_(stop) {
    struct stat status {};
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
    is_file_ = true;
    size_ = static_cast<std::uintmax_t>(status.st_size);
  }
  ~DescriptorSource() override {
    if (owned_) close(descriptor_);
  }
  DescriptorSource(const DescriptorSource&) = delete;
  DescriptorSource& operator=(const DescriptorSource&) = delete;

  std::size_t read(char* destination, std::size_t capacity) override {
    for (;;) {
      if (!is_file_) wait();
      const ssize_t count = ::read(descriptor_, destination, capacity);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR && errno != EAGAIN) fail_with(errno);
    }
  }

  std::uintmax_t size() const override { return size_; }

 private:
  /// Until there is something to read, or the other end of a pipe was closed.
  void wait() const {
    constexpr int kGlance = 5;  // milliseconds
    pollfd source{descriptor_, POLLIN, 0};
    do check_stop(stop_);
    while (poll(&source, 1, kGlance) == 0);
  }

  int descriptor_;
  bool owned_;
  StopToken stop_;
  bool is_file_ = false;
  std::uintmax_t size_ = 0;
};

class StreamSource : public RawSource {
 public:
  explicit StreamSource(std::istream& stream) : stream_(stream) {}

  std::size_t read(char* destination, std::size_t capacity) override {
    if (!stream_.good()) return stream_.eof() ? 0 : cannot_be_read();
    stream_.read(destination, static_cast<std::streamsize>(capacity));
    return stream_.bad() ? cannot_be_read() : static_cast<std::size_t>(stream_.gcount());
  }

 private:
  [[noreturn]] static std::size_t cannot_be_read() { fail("", "the stream cannot be read"); }

  std::istream& stream_;
};

class MemorySource : public RawSource {
 public:
  explicit MemorySource(std::span<const char> bytes) : left_(bytes), size_(bytes.size()) {}

  std::size_t read(char* destination, std::size_t capacity) override {
    const auto piece = left_.first(std::min(capacity, left_.size()));
    std::ranges::copy(piece, destination);
    left_ = left_.subspan(piece.size());
    return piece.size();
  }

  std::uintmax_t size() const override { return size_; }

 private:
  std::span<const char> left_;
  std::uintmax_t size_;
};

}  // namespace

// Without O_NONBLOCK a named pipe is not even opened before somebody writes to it.
std::unique_ptr<RawSource> open_file(const std::string& path, const StopToken& stop) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) fail_with(errno);
  return std::make_unique<DescriptorSource>(descriptor, /*owned=*/true, stop);
}

std::unique_ptr<RawSource> open_descriptor(int descriptor, const StopToken& stop) {
  return std::make_unique<DescriptorSource>(descriptor, /*owned=*/false, stop);
}

std::unique_ptr<RawSource> open_stream(std::istream& stream) {
  return std::make_unique<StreamSource>(stream);
}

std::unique_ptr<RawSource> open_memory(std::span<const char> bytes) {
  return std::make_unique<MemorySource>(bytes);
}

void check_stop(const StopToken& stop) {
  if (stop.stopped()) fail("", "stopped before it was read to its end");
}

}  // namespace warpshard::io
