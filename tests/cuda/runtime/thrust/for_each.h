#pragma once

#include <thrust/device_vector.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cuda/execution_policy.h>

namespace thrust {

template <typename T, typename Function>
void for_each_n(cuda::OnStream policy, counting_iterator<T> first, T count, Function function) {
  check(warpshard::testing::emulated::enqueue(policy.stream, [=] {
    for (T k = 0; k < count; ++k) function(first.value + k);
  }));
}

}  // namespace thrust
