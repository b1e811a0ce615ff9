#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace warpshard::python {

/// A contiguous array of NumPy's.
template <typename T>
using Array =
    nanobind::ndarray<const T, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;
using Longs = Array<std::int64_t>;
using Ints = Array<std::int32_t>;
using Floats = Array<double>;

template <typename T>
std::span<const T> span_of(const Array<T>& array) {
  return {array.data(), array.size()};
}

template <typename T>
std::vector<T> vector_of(const Array<T>& array) {
  return {array.data(), array.data() + array.size()};
}

/// An array that NumPy owns, or a view (of const T).
template <typename T>
using NumPy = nanobind::ndarray<nanobind::numpy, T, nanobind::ndim<1>>;

template <typename T>
NumPy<T> numpy_of(std::vector<T> values) {
  auto* owned = new std::vector<T>(std::move(values));
  const nanobind::capsule owner(
      owned, [](void* data) noexcept { delete static_cast<std::vector<T>*>(data); });
  return NumPy<T>(owned->data(), {owned->size()}, owner);
}

/// A view of `values`, which `owner` keeps alive.
template <typename T>
NumPy<const T> numpy_view(std::span<const T> values, nanobind::handle owner) {
  return NumPy<const T>(values.data(), {values.size()}, owner);
}

}  // namespace warpshard::python
