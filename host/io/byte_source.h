#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace warpshard::io {

/// A file's bytes from start to end; gzip (recognised by content, several members too) is unpacked
/// on the way. Bytes after the last gzip member are ignored, as gzip does. Throws Failure.
class ByteSource {
 public:
  explicit ByteSource(const std::string& path);

  /// Up to `capacity` bytes into `destination`; 0 only at the end.
  std::size_t read(char* destination, std::size_t capacity);

  /// Share of the file, packed if it is, that was read; 0 if its size is not known.
  double share_read() const;

 private:
  struct Close {
    void operator()(gzFile_s* file) const { gzclose(file); }
  };
  std::unique_ptr<gzFile_s, Close> file_;
  std::uintmax_t size_ = 0;  ///< bytes; 0: not known
};

}  // namespace warpshard::io
