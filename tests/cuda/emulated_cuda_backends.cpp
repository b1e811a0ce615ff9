#include "tests/cuda/backends.h"
#include "tests/cuda/emulated_cuda.h"

namespace warpshard::testing {

std::vector<BackendKind> all_backends() {
  return {BackendKind::kEmulatedCuda, BackendKind::kEmulatedCudaGlobal};
}

std::int32_t device_of(BackendKind kind) {
  return kind == BackendKind::kEmulatedCuda ? emulated::kMuchShared : emulated::kLittleShared;
}

}  // namespace warpshard::testing
