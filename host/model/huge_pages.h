#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "host/model/stop_token.h"

namespace warpshard {

/// Puts large arrays on huge pages where the system has them: they are written, read at random and
/// given back with fewer faults and misses.
template <typename T>
class HugePageAllocator {
 public:
  using value_type = T;

  HugePageAllocator() = default;
  template <typename Other>
  HugePageAllocator(const HugePageAllocator<Other>& /*other*/) noexcept {}  // as allocators have it

  T* allocate(std::size_t size) {
    if (!is_large(size)) return std::allocator<T>().allocate(size);
    if (size > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_array_new_length();
    const std::size_t bytes = (size * sizeof(T) + kPage - 1) / kPage * kPage;
    void* const memory = std::aligned_alloc(kPage, bytes);
    if (memory == nullptr) throw std::bad_alloc();
    madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t size) noexcept {
    if (is_large(size)) {
      std::free(memory);
    } else {
      std::allocator<T>().deallocate(memory, size);
    }
  }

  friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) { return true; }

 private:
  static constexpr std::size_t kPage = std::size_t{2} << 20;

  /// So large that what a page has too much does not matter.
  static bool is_large(std::size_t size) { return size >= 8 * kPage / sizeof(T); }
};

template <typename T>
using HugePageVector = std::vector<T, HugePageAllocator<T>>;

/// Makes an empty vector so large, in pieces, as the first touch of a page takes its time: there
/// are fewer elements once stopped.
template <typename T>
void grow(HugePageVector<T>& elements, std::size_t size, const StopToken& stop) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  elements.reserve(size);
  while (elements.size() < size && !stop.stopped())
    elements.resize(std::min(size, elements.size() + kPiece));
}

}  // namespace warpshard
