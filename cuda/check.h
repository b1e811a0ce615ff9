#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

namespace warpshard::cuda {

/// False for an error. CUDA is made to forget it, else a later launch, by Thrust or by us, would be
/// blamed for it.
inline bool succeeded(cudaError_t status) {
  if (status == cudaSuccess) return true;
  cudaGetLastError();
  return false;
}

/// Throws std::runtime_error with CUDA's own words.
inline void check(cudaError_t status, const char* what) {
  if (!succeeded(status))
    throw std::runtime_error(std::string("CUDA: ") + what + ": " + cudaGetErrorString(status));
}

}  // namespace warpshard::cuda
