#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace warpshard::testing {

/// A device's memory: closed to everybody, but for as long as an Access to it lives.
class EmulatedMemory {
 public:
  explicit EmulatedMemory(std::size_t bytes) : free_bytes_(bytes) {}

  /// Null if there is not so much left. A page that is never open follows the last byte, or the
  /// last few to a multiple of 16.
  void* allocate(std::size_t bytes);
  /// False if allocate() did not return it.
  bool free(const void* memory);

  std::size_t free_bytes() const { return free_bytes_; }
  std::size_t allocations() const { return allocations_.size(); }
  /// The allocations, in their order; each begins where allocate() said.
  std::vector<std::span<const std::byte>> all() const;
  /// True for an address within an allocation or at its end.
  bool holds(const void* address) const;

  class Access {
   public:
    explicit Access(const EmulatedMemory& memory) : memory_(memory) { memory_.set_open(true); }
    ~Access() { memory_.set_open(false); }
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;

   private:
    const EmulatedMemory& memory_;
  };

 private:
  class Pages;
  void set_open(bool open) const;

  std::size_t free_bytes_;
  std::vector<std::shared_ptr<const Pages>> allocations_;
};

}  // namespace warpshard::testing
