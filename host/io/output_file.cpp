#include "host/io/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace warpshard::io {
namespace {

constexpr mode_t kEverybody = 0666;  // less the process's mask

/// The number in "/dev/fd/N" and its like.
std::optional<int> descriptor_named(std::string_view path) {
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    path.remove_prefix(folder.size());
    int number = 0;
    const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
    if (error == std::errc() && end == path.data() + path.size()) return number;
  }
  return std::nullopt;
}

/// What is there under a name; nothing if there is nothing.
std::optional<struct stat> status_of(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

/// A name in the folder of `target` that no other file of this process has.
std::string name_beside(const std::string& target) {
  static std::atomic<int> count{0};
  const auto name = std::string(kPartialPrefix) + "warpshard-" + std::to_string(getpid()) + "-" +
                    std::to_string(count++);
  return std::filesystem::path(target).replace_filename(name).string();
}

}  // namespace

bool sync_folder(const std::string& path) {
  const int folder = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool synced = fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP;
  const int code = errno;
  close(folder);
  errno = code;
  return synced;
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!partial_.empty()) unlink(partial_.c_str());
}

std::optional<Error> OutputFile::error() const {
  if (error_.empty()) return std::nullopt;
  return Error{path_ + ": " + error_};
}

std::optional<Error> OutputFile::fail(int code) {
  if (error_.empty()) error_ = code != 0 ? std::strerror(code) : "cannot be written";
  return error();
}

std::optional<Error> OutputFile::open() {
  const auto status = status_of(path_);
  if (const auto number = descriptor_named(path_)) {
    descriptor_ = fcntl(*number, F_DUPFD_CLOEXEC, 0);
  } else if (status && S_ISDIR(status->st_mode)) {
    errno = EISDIR;
  } else if (!status || S_ISREG(status->st_mode)) {
    return open_partial();
  } else {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  }
  return descriptor_ < 0 ? fail(errno) : std::nullopt;
}

std::optional<Error> OutputFile::open_partial() {
  const auto status = status_of(path_);
  // The folder decides whether the name can be given to another file, but what is write-protected
  // is to be left alone.
  if (status && access(path_.c_str(), W_OK) != 0) return fail(errno);
  std::error_code ignored;
  target_ = std::filesystem::weakly_canonical(path_, ignored).string();
  if (target_.empty()) target_ = path_;
  // A name may be taken by a process of another machine, or of another container.
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries && descriptor_ < 0; ++i) {
    partial_ = name_beside(target_);
    descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kEverybody);
    if (descriptor_ < 0 && errno != EEXIST) break;
  }
  if (descriptor_ < 0) {
    const int code = errno;
    partial_.clear();
    return fail(code);
  }
  if (status && fchmod(descriptor_, status->st_mode & 07777) != 0) return fail(errno);
  return std::nullopt;
}

std::optional<Error> OutputFile::write(std::string_view text) {
  while (error_.empty() && !text.empty()) {
    const ssize_t count = ::write(descriptor_, text.data(), text.size());
    if (count >= 0)
      text.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      fail(errno);
  }
  return error();
}

std::optional<Error> OutputFile::commit() {
  if (!error_.empty()) return error();
  if (descriptor_ < 0) return fail(EBADF);
  if (!partial_.empty() && fsync(descriptor_) != 0) return fail(errno);
  if (close(std::exchange(descriptor_, -1)) != 0) return fail(errno);
  if (partial_.empty()) return std::nullopt;
  if (rename(partial_.c_str(), target_.c_str()) != 0) return fail(errno);
  partial_.clear();
  // So that the new name lasts; where a folder cannot be synchronised, that is all there is.
  sync_folder(std::filesystem::path(target_).parent_path().string());
  return std::nullopt;
}

std::optional<Error> probe_output(const std::string& path) {
  OutputFile file(path);
  const auto status = status_of(path);
  // To open a named pipe waits for a reader.
  if (status && S_ISFIFO(status->st_mode))
    return access(path.c_str(), W_OK) == 0 ? std::nullopt : file.fail(errno);
  return file.open();
}

std::optional<Error> write_file(const std::string& path, std::string_view text) {
  OutputFile file(path);
  if (auto error = file.open()) return error;
  if (auto error = file.write(text)) return error;
  return file.commit();
}

OutputBuffer::OutputBuffer(OutputFile& file) : file_(file), buffer_(std::size_t{1} << 16) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

int OutputBuffer::sync() {
  const auto error = file_.write({pbase(), static_cast<std::size_t>(pptr() - pbase())});
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error ? -1 : 0;
}

OutputBuffer::int_type OutputBuffer::overflow(int_type next) {
  if (sync() != 0) return traits_type::eof();
  if (!traits_type::eq_int_type(next, traits_type::eof())) sputc(traits_type::to_char_type(next));
  return traits_type::not_eof(next);
}

}  // namespace warpshard::io
