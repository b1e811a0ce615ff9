#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>

#include "host/model/stop_token.h"

namespace warpshard::io {

/// Bytes from start to end, as they are stored. Throws Failure.
class RawSource {
 public:
  virtual ~RawSource() = default;

  /// Up to `capacity` (> 0) bytes into `destination`; 0 only at the end.
  virtual std::size_t read(char* destination, std::size_t capacity) = 0;

  /// Bytes in all; 0: not known.
  virtual std::uintmax_t size() const { return 0; }
};

/// A file, a pipe or a device. Waiting for bytes ends with a Failure once the token stops.
std::unique_ptr<RawSource> open_file(const std::string& path, const StopToken& stop);

/// The same for a descriptor that is open already and stays so.
std::unique_ptr<RawSource> open_descriptor(int descriptor, const StopToken& stop);

/// `stream` must outlive the source.
std::unique_ptr<RawSource> open_stream(std::istream& stream);

/// `bytes` must outlive the source.
std::unique_ptr<RawSource> open_memory(std::span<const char> bytes);

/// Fails once the token has stopped.
void check_stop(const StopToken& stop);

}  // namespace warpshard::io
