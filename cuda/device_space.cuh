#pragma once

#include <cuda_runtime.h>
#include <thrust/copy.h>
#include <thrust/device_allocator.h>
#include <thrust/device_vector.h>

#include <cstdint>
#include <span>
#include <vector>

#include "cuda/check.h"

namespace warpshard {

/// Thrust's own, but for an error at the end: after a fault on the device every call reports it,
/// and an exception out of a destructor would end the program.
template <typename T>
class DeviceAllocator : public thrust::device_allocator<T> {
 public:
  using pointer = typename thrust::device_allocator<T>::pointer;
  template <typename U>
  struct rebind {
    using other = DeviceAllocator<U>;
  };
  void deallocate(pointer memory, std::size_t /*count*/) noexcept {
    cuda::succeeded(cudaFree(thrust::raw_pointer_cast(memory)));
  }
};

/// Device memory, held by Thrust.
struct DeviceSpace {
  template <typename T>
  using Array = thrust::device_vector<T, DeviceAllocator<T>>;
  template <typename T>
  static T* pointer(Array<T>& array) {
    return thrust::raw_pointer_cast(array.data());
  }
  template <typename T>
  static void write(std::span<const T> from, Array<T>& array, std::int64_t offset) {
    thrust::copy(from.data(), from.data() + from.size(), array.begin() + offset);
  }
  template <typename T>
  static std::vector<T> read(const Array<T>& array, std::int64_t offset, std::int64_t count) {
    std::vector<T> host(static_cast<std::size_t>(count));
    thrust::copy(array.begin() + offset, array.begin() + offset + count, host.begin());
    return host;
  }
  template <typename T>
  static void copy(const Array<T>& from, Array<T>& to) {
    thrust::copy(from.begin(), from.end(), to.begin());
  }
};

}  // namespace warpshard
