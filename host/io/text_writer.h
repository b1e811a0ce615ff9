#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "host/io/output_file.h"

struct gzFile_s;

namespace warpshard::io {

/// Writes text to an OutputFile, gzipped where its name ends in ".gz".
class TextWriter {
 public:
  explicit TextWriter(const std::string& path);

  void text(std::string_view piece);
  void number(std::int64_t value);
  /// As a JSON string.
  void quoted(std::string_view content);

  /// As a JSON array.
  template <typename T>
  void list(std::span<const T> values) {
    text("[");
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text(",");
      number(values[i]);
    }
    text("]");
  }

  /// A member whose value is an array of `count` elements, each written by `write(index)`.
  template <typename Write>
  void array(std::string_view key, std::int64_t count, Write&& write) {
    text(key);
    text(":[");
    for (std::int64_t i = 0; i < count; ++i) {
      if (i > 0) text(",\n");
      write(i);
    }
    text("]");
  }

  /// The file is there afterwards, unless something went wrong.
  std::optional<Error> finish();

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };

  void flush();

  OutputFile file_;
  std::unique_ptr<gzFile_s, Close> packer_;
  std::string buffer_;  ///< handed to zlib in large pieces
};

}  // namespace warpshard::io
