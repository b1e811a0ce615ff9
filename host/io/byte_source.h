#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "host/io/raw_source.h"
#include "host/model/stop_token.h"

namespace warpshard::io {

class Inflater;

/// The bytes of a source; gzip (recognised by content, several members too) is unpacked on the way.
/// Bytes after the last gzip member are ignored, as gzip does. Throws Failure, also once the token
/// has stopped.
class ByteSource {
 public:
  explicit ByteSource(std::unique_ptr<RawSource> raw, const StopToken& stop = {});
  ~ByteSource();
  ByteSource(ByteSource&&) noexcept;

  /// Up to `capacity` bytes into `destination`; 0 only at the end.
  std::size_t read(char* destination, std::size_t capacity);

  /// Share of the source, packed if it is, that was read; 0 if its size is not known.
  double share_read() const;

 private:
  /// Brings raw bytes behind those in the buffer until there are `wanted`, or no more.
  void fill(std::size_t wanted);
  /// True if the buffer begins with a gzip member.
  bool at_member() const;
  std::size_t read_plain(char* destination, std::size_t capacity);
  std::size_t read_packed(char* destination, std::size_t capacity);

  std::unique_ptr<RawSource> raw_;
  StopToken stop_;
  std::unique_ptr<Inflater> inflater_;  ///< none where the source is not packed
  std::vector<char> buffer_;            ///< raw bytes, [begin_, end_) of them still to be used
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uintmax_t raw_bytes_ = 0;  ///< taken from raw_ so far
  bool begun_ = false;
  bool raw_ended_ = false;
  bool between_members_ = false;
};

}  // namespace warpshard::io
