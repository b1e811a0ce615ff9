#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace warpshard::ptx {

/// Where the host's pieces of a device's memory would lie on a device: one after the other, each
/// from a multiple of 256 bytes. So what is counted does not depend on the host's addresses.
class DeviceLayout {
 public:
  struct Piece {
    std::span<const std::byte> memory;
    bool shared = false;  ///< by all multiprocessors, rather than one's own chains
  };
  DeviceLayout() = default;
  explicit DeviceLayout(std::vector<Piece> pieces);

  struct Place {
    std::uint64_t address = 0;
    bool shared = false;
  };
  /// Outside of all pieces an address stays as it is.
  Place find(std::uint64_t host) const;

  std::int64_t shared_bytes() const { return shared_bytes_; }

 private:
  struct Moved {
    std::uint64_t begin = 0, end = 0;
    Place place;
  };
  std::vector<Moved> pieces_;  ///< by host address
  std::int64_t shared_bytes_ = 0;
};

}  // namespace warpshard::ptx
