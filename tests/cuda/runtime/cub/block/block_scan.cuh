#pragma once

#include <cuda_runtime.h>

#include <array>
#include <numeric>

namespace cub {

template <typename T, int kThreads>
class BlockScan {
 public:
  using TempStorage = std::array<T, kThreads>;
  explicit BlockScan(TempStorage& storage) : storage_(storage) {}

  void InclusiveSum(T value, T& sum, T& total) {
    storage_[threadIdx.x] = value;
    __syncthreads();
    sum = std::accumulate(storage_.begin(), storage_.begin() + threadIdx.x + 1, T{0});
    total = std::accumulate(storage_.begin(), storage_.end(), T{0});
  }

 private:
  TempStorage& storage_;
};

}  // namespace cub
