#include "tests/cuda/fault.h"

#include <cuda_runtime.h>

namespace warpshard::testing {
namespace {

__global__ void fail() {
  __trap();
}

}  // namespace

void break_device() {
  fail<<<1, 1>>>();
  cudaDeviceSynchronize();  // its error is for others to meet
}

}  // namespace warpshard::testing
