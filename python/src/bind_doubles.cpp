#include "python/src/bind_doubles.h"

#include <nanobind/stl/pair.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "python/src/arrays.h"
#include "warpshard/cost.h"

namespace warpshard::python {

namespace nb = nanobind;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Multiplies by 2^exponent in two steps, each of which is a double where their product is none.
/// Exact where the result is a normal number; where it is not, it is less than a half either way.
class PowerOfTwo {
 public:
  explicit PowerOfTwo(int exponent)
      : first_(std::ldexp(1.0, exponent / 2)), second_(std::ldexp(1.0, exponent - exponent / 2)) {}

  double times(double value) const { return value * first_ * second_; }

 private:
  double first_;
  double second_;
};

/// NumPy's memory, written once: a vector would be filled with zeros first.
template <typename T>
class Fresh {
 public:
  explicit Fresh(std::size_t size) : size_(size), data_(new T[size]) {}
  ~Fresh() { delete[] data_; }
  Fresh(const Fresh&) = delete;
  Fresh& operator=(const Fresh&) = delete;

  T* data() { return data_; }

  NumPy<T> to_numpy() {
    T* data = std::exchange(data_, nullptr);
    const nb::capsule owner(data, [](void* owned) noexcept { delete[] static_cast<T*>(owned); });
    return NumPy<T>(data, {size_}, owner);
  }

 private:
  std::size_t size_;
  T* data_;
};

/// A copy with infinity at and above `forbidden`, and where the first entry is that is no cost (NaN
/// or minus infinity; -1: none is).
std::pair<NumPy<double>, std::int64_t> copy_costs(const Floats& values, double forbidden) {
  const std::span<const double> from = span_of(values);
  Fresh<double> copy(from.size());
  std::int64_t wrong = -1;
  {
    const nb::gil_scoped_release release;
    double* to = copy.data();
    bool right = true;
    for (std::size_t at = 0; at < from.size(); ++at) {
      to[at] = from[at] >= forbidden ? kInfinity : from[at];
      right &= from[at] > -kInfinity;
    }
    if (!right)
      wrong = std::ranges::find_if_not(from, [](double cost) { return cost > -kInfinity; }) -
              from.begin();
  }
  return {copy.to_numpy(), wrong};
}

void check_lists(std::span<const std::int64_t> offsets, std::size_t size) {
  if (offsets.empty() || offsets.front() != 0 || !std::ranges::is_sorted(offsets) ||
      offsets.back() != static_cast<std::int64_t>(size))
    throw nb::value_error("offsets do not divide the values");
}

/// [lists] the largest finite magnitude of each list; 0 where there is none.
NumPy<double> largest_finite(const Floats& values, const Longs& offsets) {
  const std::span<const std::int64_t> ends = span_of(offsets);
  check_lists(ends, values.size());
  std::vector<double> largest(ends.size() - 1, 0.0);
  {
    const nb::gil_scoped_release release;
    const double* value = values.data();
    for (std::size_t list = 0; list < largest.size(); ++list)
      for (std::int64_t at = ends[list]; at < ends[list + 1]; ++at) {
        const double magnitude = std::abs(value[at]);
        if (magnitude < kInfinity) largest[list] = std::max(largest[list], magnitude);
      }
  }
  return numpy_of(std::move(largest));
}

/// Values times 2^exponent as the nearest integers, which must be of less than 63 bits (infinity:
/// forbidden), and [lists] whether any of a list had to be rounded.
std::pair<NumPy<std::int64_t>, NumPy<bool>> scale(const Floats& values, const Longs& offsets,
                                                  int exponent) {
  const std::span<const std::int64_t> ends = span_of(offsets);
  check_lists(ends, values.size());
  Fresh<std::int64_t> scaled(values.size());
  Fresh<bool> rounded(ends.size() - 1);
  {
    const nb::gil_scoped_release release;
    const PowerOfTwo up(exponent);
    const PowerOfTwo down(-exponent);
    const double* value = values.data();
    for (std::size_t list = 0; list + 1 < ends.size(); ++list) {
      bool inexact = false;
      for (std::int64_t at = ends[list]; at < ends[list + 1]; ++at) {
        const bool finite = value[at] < kInfinity;
        const std::int64_t nearest = std::llrint(up.times(finite ? value[at] : 0.0));
        inexact |= finite && down.times(static_cast<double>(nearest)) != value[at];
        scaled.data()[at] = finite ? nearest : kForbidden;
      }
      rounded.data()[list] = inexact;
    }
  }
  return {scaled.to_numpy(), rounded.to_numpy()};
}

}  // namespace

void bind_doubles(nb::module_& module) {
  module.def("copy_costs", &copy_costs, nb::arg("values"), nb::arg("forbidden"));
  module.def("largest_finite", &largest_finite, nb::arg("values"), nb::arg("offsets"));
  module.def("scale", &scale, nb::arg("values"), nb::arg("offsets"), nb::arg("exponent"));
}

}  // namespace warpshard::python
