#pragma once

#include <zlib.h>

#include <cstddef>
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

 private:
  struct Close {
    void operator()(gzFile_s* file) const { gzclose(file); }
  };
  std::unique_ptr<gzFile_s, Close> file_;
};

}  // namespace warpshard::io
