#pragma once

#include <cuda_runtime.h>

namespace thrust::cuda {

struct OnStream {
  cudaStream_t stream;
};
struct Parallel {
  OnStream on(cudaStream_t stream) const { return {stream}; }
};
inline constexpr Parallel par;

}  // namespace thrust::cuda
