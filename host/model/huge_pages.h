#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace warpshard {

/// Room for `size` elements of an empty vector, on huge pages where the system has them: large
/// arrays are written, and read at random, with fewer faults and misses.
template <typename T>
std::vector<T>& for_huge_pages(std::vector<T>& elements, std::size_t size) {
  constexpr std::uintptr_t kPage = std::uintptr_t{2} << 20;
  elements.reserve(size);
  const auto first = (reinterpret_cast<std::uintptr_t>(elements.data()) + kPage - 1) & ~(kPage - 1);
  const auto end = reinterpret_cast<std::uintptr_t>(elements.data() + size) & ~(kPage - 1);
  if (first < end) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
  return elements;
}

}  // namespace warpshard
