#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "cuda/check.h"
#include "kernels/warp_group.h"

namespace warpshard::cuda {

/// Warps of a block where each works alone.
inline constexpr int kWarpsPerBlock = 4;

/// This warp's number in a grid of blocks of any number of warps.
__device__ inline std::int32_t warp_number() {
  return static_cast<std::int32_t>((blockIdx.x * blockDim.x + threadIdx.x) / WarpGroup::kLanes);
}

template <typename Function>
__global__ void __launch_bounds__(kWarpsPerBlock* WarpGroup::kLanes)
    for_each_warp(std::int32_t count, Function function) {
  const std::int32_t number = warp_number();
  if (number < count) function(WarpGroup{}, number);
}

/// Calls function(WarpGroup, number) for each number below count, one warp each.
template <typename Function>
void launch_warps(std::int32_t count, const Function& function, const char* what) {
  if (count == 0) return;
  const int blocks = (count + kWarpsPerBlock - 1) / kWarpsPerBlock;
  for_each_warp<<<blocks, kWarpsPerBlock * WarpGroup::kLanes>>>(count, function);
  check(cudaGetLastError(), what);
}

}  // namespace warpshard::cuda
