#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace warpshard::io {

/// Room for `more` elements, growing as push_back() does, so that adding them cannot fail: where
/// several arrays must agree, all make room before any grows.
template <typename T>
void make_room(std::vector<T>& values, std::size_t more) {
  if (values.capacity() - values.size() >= more) return;
  values.reserve(std::max(2 * values.capacity(), values.size() + more));
}

}  // namespace warpshard::io
