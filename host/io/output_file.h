#pragma once

#include <optional>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include "warpshard/result.h"

namespace warpshard::io {

/// Begins the names of files that are not complete yet; after a crash one may be left over.
inline constexpr std::string_view kPartialPrefix = ".tmp-";

/// Brings a folder's names to the disk; empty stands for the present one. False, with the reason in
/// errno, where that failed; some network file systems know nothing of it, their renames last.
bool sync_folder(const std::string& path);

/// A file that is replaced as a whole or not at all: what is written goes to another name in the
/// same folder, which takes the file's name once everything has reached the disk. Until then, and
/// after any error, the file is what it was. Devices, pipes and descriptors (/dev/stdout,
/// /dev/fd/N) are written as they are.
///
/// The first error is kept: it is what every later call returns. A message names the file.
class OutputFile {
 public:
  /// Opens nothing yet.
  explicit OutputFile(std::string path) : path_(std::move(path)) {}
  /// Removes what was not committed.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::optional<Error> open();
  std::optional<Error> write(std::string_view text);
  /// Brings everything to the disk and gives it the file's name; nothing can be written afterwards.
  std::optional<Error> commit();

  /// Of what open() opened; for those who write by other means, and say what went wrong.
  int descriptor() const { return descriptor_; }
  std::optional<Error> fail(int code);

 private:
  std::optional<Error> open_partial();
  std::optional<Error> error() const;

  std::string path_;
  std::string target_;   ///< the file itself, where path_ is a link to it
  std::string partial_;  ///< the other name; empty: written as it is
  std::string error_;
  int descriptor_ = -1;
};

/// Whether a file could be written, found out without a change to it.
std::optional<Error> probe_output(const std::string& path);

/// Replaces a file's content.
std::optional<Error> write_file(const std::string& path, std::string_view text);

/// Lets a std::ostream write to an OutputFile. Flush the stream before the file is committed.
class OutputBuffer : public std::streambuf {
 public:
  explicit OutputBuffer(OutputFile& file);

 protected:
  int_type overflow(int_type next) override;
  int sync() override;

 private:
  OutputFile& file_;
  std::vector<char> buffer_;
};

}  // namespace warpshard::io
