#pragma once

#include <cstddef>
#include <memory>

#include "host/io/raw_source.h"
#include "host/model/stop_token.h"

namespace warpshard::io {

class ReadAhead;
class Unpacker;

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

  /// Share of the source, packed if it is, that was read, or will be next; 0 if its size is not
  /// known.
  double share_read() const;

 private:
  std::unique_ptr<Unpacker> unpacker_;
  std::unique_ptr<ReadAhead> ahead_;  ///< unpacks meanwhile, where that is worth a thread
  bool begun_ = false;
};

}  // namespace warpshard::io
