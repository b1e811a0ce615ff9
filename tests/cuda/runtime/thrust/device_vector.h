#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace thrust {

/// Thrust forgets the errors it throws; those that others have left behind, it throws too.
inline void check(cudaError_t status) {
  const cudaError_t last = cudaGetLastError();
  if (status == cudaSuccess) status = last;
  if (status != cudaSuccess) throw std::runtime_error(cudaGetErrorString(status));
}

/// A place in device memory, which the host cannot read.
template <typename T>
class device_ptr {
 public:
  explicit device_ptr(T* raw = nullptr) : raw_(raw) {}
  T* get() const { return raw_; }
  device_ptr operator+(std::int64_t offset) const { return device_ptr(raw_ + offset); }

 private:
  T* raw_;
};

template <typename T>
T* raw_pointer_cast(device_ptr<T> pointer) {
  return pointer.get();
}

template <typename T>
class device_allocator {
 public:
  using value_type = T;
  using pointer = device_ptr<T>;
  pointer allocate(std::size_t count) {
    void* memory = nullptr;
    check(cudaMalloc(&memory, count * sizeof(T)));
    return pointer(static_cast<T*>(memory));
  }
};

template <typename T, typename Allocator>
class device_vector {
 public:
  using value_type = T;
  device_vector() = default;
  device_vector(const device_vector&) = delete;
  device_vector& operator=(const device_vector&) = delete;
  ~device_vector() {
    if (capacity_ > 0) allocator_.deallocate(begin_, capacity_);
  }
  std::size_t size() const { return size_; }
  void clear() { size_ = 0; }
  /// From empty only: new entries are values of T().
  void resize(std::size_t size) {
    if (size_ > 0 || (capacity_ > 0 && size > capacity_)) throw std::logic_error("not emulated");
    if (size > capacity_) {
      begin_ = allocator_.allocate(size);
      capacity_ = size;
    }
    size_ = size;
    check(warpshard::testing::emulated::enqueue(
        cudaStreamPerThread, [first = begin_.get(), size] { std::fill_n(first, size, T()); }));
    check(cudaStreamSynchronize(cudaStreamPerThread));
  }
  device_ptr<T> data() { return begin_; }
  device_ptr<T> begin() { return begin_; }
  device_ptr<T> end() { return begin_ + static_cast<std::int64_t>(size_); }
  device_ptr<const T> begin() const { return device_ptr<const T>(begin_.get()); }
  device_ptr<const T> end() const { return begin() + static_cast<std::int64_t>(size_); }
  const T& operator[](std::size_t k) const { return begin_.get()[k]; }

 private:
  Allocator allocator_;
  device_ptr<T> begin_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

template <typename T>
T* raw(device_ptr<T> place) {
  return place.get();
}
template <typename Iterator>
auto* raw(Iterator place) {
  return std::to_address(place);
}

/// Between host and device or within a device; returns when done.
template <typename From, typename To>
void copy(From first, From last, To to) {
  check(warpshard::testing::emulated::copy(
      raw(to), raw(first), static_cast<std::size_t>(raw(last) - raw(first)) * sizeof(*raw(to))));
}

}  // namespace thrust
