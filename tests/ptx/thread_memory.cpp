#include "tests/ptx/thread_memory.h"

#include <stdexcept>
#include <string>

namespace warpshard::ptx {
namespace {

bool inside(std::span<const std::byte> memory, std::uint64_t address) {
  const auto begin = reinterpret_cast<std::uintptr_t>(memory.data());
  return address >= begin && address - begin < memory.size();
}

}  // namespace

ThreadMemory::ThreadMemory(std::span<std::byte> shared, std::span<const std::byte> parameters,
                           std::int64_t local_bytes)
    : shared_(shared),
      parameters_(parameters),
      local_bytes_(local_bytes),
      local_(static_cast<std::size_t>(kLanes * local_bytes)) {}

std::byte* ThreadMemory::base(Space space, int lane) {
  switch (space) {
    case Space::kShared:
      return shared_.data();
    case Space::kLocal:
      return local_.data() + lane * local_bytes_;
    case Space::kParameter:
      // Stores to parameters do not exist.
      return const_cast<std::byte*>(parameters_.data());
    case Space::kGeneric:
    case Space::kGlobal:
      break;
  }
  return nullptr;
}

std::byte* ThreadMemory::find(Space space, int lane, std::int64_t address, std::int64_t bytes) {
  if (space == Space::kGeneric || space == Space::kGlobal)
    return reinterpret_cast<std::byte*>(address);
  std::int64_t room = local_bytes_;
  if (space == Space::kShared) room = std::ssize(shared_);
  if (space == Space::kParameter) room = std::ssize(parameters_);
  if (address < 0 || address + bytes > room)
    throw std::runtime_error("an access at byte " + std::to_string(address) + " of " +
                             std::to_string(room));
  return base(space, lane) + address;
}

Space ThreadMemory::space_of(std::uint64_t generic) const {
  if (inside(shared_, generic)) return Space::kShared;
  return inside(local_, generic) ? Space::kLocal : Space::kGlobal;
}

std::uint64_t ThreadMemory::to_generic(Space space, int lane, std::uint64_t address) {
  return reinterpret_cast<std::uintptr_t>(base(space, lane)) + address;
}

std::uint64_t ThreadMemory::from_generic(Space space, int lane, std::uint64_t generic) {
  return generic - reinterpret_cast<std::uintptr_t>(base(space, lane));
}

}  // namespace warpshard::ptx
