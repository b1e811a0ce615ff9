#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <tuple>

namespace warpshard::generator {

/// Most dimensions of an operation's index space (result plus summed dimensions).
inline constexpr int kMaxRank = 6;

/// "No dimension" in a DimMap or a Sharding.
inline constexpr std::int8_t kUnmapped = -1;

/// Maps dimensions of one tensor or index space to those of another.
using DimMap = std::array<std::int8_t, kMaxRank>;

inline constexpr DimMap kNoDims{kUnmapped, kUnmapped, kUnmapped, kUnmapped, kUnmapped, kUnmapped};
inline constexpr DimMap kSameDims{0, 1, 2, 3, 4, 5};

/// A DimMap of the given entries, the rest unmapped.
constexpr DimMap dim_map(std::initializer_list<int> dims) {
  DimMap map = kNoDims;
  int position = 0;
  for (const int dim : dims) map[position++] = static_cast<std::int8_t>(dim);
  return map;
}

/// Extent of a tensor or an index space.
struct Shape {
  std::int32_t rank = 0;
  std::int32_t element_bytes = 4;
  std::array<std::int64_t, kMaxRank> dims{};

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents, std::int32_t bytes_per_element)
      : element_bytes(bytes_per_element) {
    for (const std::int64_t extent : extents) dims[rank++] = extent;
  }

  std::int64_t elements() const {
    std::int64_t product = 1;
    for (int d = 0; d < rank; ++d) product *= dims[d];
    return product;
  }
  std::int64_t bytes() const { return elements() * element_bytes; }
  Shape with_element_bytes(std::int32_t bytes_per_element) const {
    Shape copy = *this;
    copy.element_bytes = bytes_per_element;
    return copy;
  }
  friend bool operator==(const Shape&, const Shape&) = default;
  friend bool operator<(const Shape& a, const Shape& b) {
    return std::tie(a.rank, a.element_bytes, a.dims) < std::tie(b.rank, b.element_bytes, b.dims);
  }
};

}  // namespace warpshard::generator
