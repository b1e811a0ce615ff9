#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "cuda/check.h"
#include "kernels/warp_group.h"

namespace warpshard::cuda {

/// Warps of a block where each works alone.
inline constexpr int kWarpsPerBlock = 4;

/// The warps of a block, as a team.
struct BlockWarps {
  __device__ static std::int32_t rank() {
    return static_cast<std::int32_t>(threadIdx.x) / WarpGroup::kLanes;
  }
  __device__ static std::int32_t size() {
    return static_cast<std::int32_t>(blockDim.x) / WarpGroup::kLanes;
  }
  __device__ static void sync() { __syncthreads(); }
};

/// The shared memory that the launch asked for.
__device__ inline std::int32_t* shared_memory() {
  alignas(16) extern __shared__ std::int32_t dynamic_memory[];
  return dynamic_memory;
}

/// This warp's number in a grid of blocks of any number of warps.
__device__ inline std::int32_t warp_number() {
  return static_cast<std::int32_t>((blockIdx.x * blockDim.x + threadIdx.x) / WarpGroup::kLanes);
}

struct Grid {
  int blocks = 1;
  int threads_per_block = 1;
  std::int64_t shared_bytes_per_block = 0;
};

/// Launches a kernel on the calling thread's stream; `what` is for the error.
template <typename... Parameters, typename... Arguments>
void launch(const char* what, const Grid& grid, void (*kernel)(Parameters...),
            const Arguments&... arguments) {
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>(grid.blocks));
  config.blockDim = dim3(static_cast<unsigned>(grid.threads_per_block));
  config.dynamicSmemBytes = static_cast<std::size_t>(grid.shared_bytes_per_block);
  config.stream = cudaStreamPerThread;
  check(cudaLaunchKernelEx(&config, kernel, arguments...), what);
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
  launch(what, {blocks, kWarpsPerBlock * WarpGroup::kLanes}, for_each_warp<Function>, count,
         function);
}

template <int kWarps, typename Function>
__global__ void __launch_bounds__(kWarps* WarpGroup::kLanes) for_each_block(Function function) {
  function(BlockWarps{}, static_cast<std::int32_t>(blockIdx.x));
}

/// Calls function(BlockWarps, number) for each number below count, by all warps of a block.
template <int kWarps, typename Function>
void launch_blocks(std::int32_t count, const Function& function, const char* what) {
  if (count == 0) return;
  launch(what, {count, kWarps * WarpGroup::kLanes}, for_each_block<kWarps, Function>, function);
}

}  // namespace warpshard::cuda
