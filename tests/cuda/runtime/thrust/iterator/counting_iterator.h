#pragma once

namespace thrust {

template <typename T>
struct counting_iterator {
  explicit counting_iterator(T first) : value(first) {}
  T value;
};

}  // namespace thrust
