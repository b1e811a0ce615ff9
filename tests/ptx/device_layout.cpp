#include "tests/ptx/device_layout.h"

#include <algorithm>

namespace warpshard::ptx {

DeviceLayout::DeviceLayout(std::vector<Piece> pieces) {
  constexpr std::uint64_t kAlignment = 256;
  std::uint64_t next = kAlignment;
  for (const Piece& piece : pieces) {
    const auto begin = reinterpret_cast<std::uintptr_t>(piece.memory.data());
    const std::uint64_t bytes = piece.memory.size();
    pieces_.push_back({begin, begin + bytes, {next, piece.shared}});
    next += (bytes + kAlignment - 1) / kAlignment * kAlignment;
    if (piece.shared) shared_bytes_ += static_cast<std::int64_t>(bytes);
  }
  std::ranges::sort(pieces_, {}, &Moved::begin);
}

DeviceLayout::Place DeviceLayout::find(std::uint64_t host) const {
  const auto after = std::ranges::upper_bound(pieces_, host, {}, &Moved::begin);
  if (after == pieces_.begin()) return {host, false};
  const Moved& piece = *std::prev(after);
  if (host >= piece.end) return {host, false};
  return {piece.place.address + (host - piece.begin), piece.place.shared};
}

}  // namespace warpshard::ptx
