#pragma once

#include <thrust/copy.h>
#include <thrust/device_vector.h>

#include <cstdint>
#include <span>
#include <vector>

namespace warpshard {

/// Device memory, held by Thrust.
struct DeviceSpace {
  template <typename T>
  using Array = thrust::device_vector<T>;
  template <typename T>
  static T* pointer(thrust::device_vector<T>& array) {
    return thrust::raw_pointer_cast(array.data());
  }
  template <typename T>
  static void write(std::span<const T> from, thrust::device_vector<T>& array, std::int64_t offset) {
    thrust::copy(from.data(), from.data() + from.size(), array.begin() + offset);
  }
  template <typename T>
  static std::vector<T> read(const thrust::device_vector<T>& array, std::int64_t offset,
                             std::int64_t count) {
    std::vector<T> host(static_cast<std::size_t>(count));
    thrust::copy(array.begin() + offset, array.begin() + offset + count, host.begin());
    return host;
  }
  template <typename T>
  static void copy(const thrust::device_vector<T>& from, thrust::device_vector<T>& to) {
    thrust::copy(from.begin(), from.end(), to.begin());
  }
};

}  // namespace warpshard
