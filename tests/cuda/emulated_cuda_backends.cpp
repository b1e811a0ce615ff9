#include "tests/cuda/backends.h"
#include "tests/cuda/emulated_cuda.h"

namespace warpshard::testing {

std::vector<BackendKind> all_backends() {
  return {BackendKind::kEmulatedCuda};
}

std::int32_t device_of(BackendKind /*kind*/) {
  return emulated::kFirst;
}

}  // namespace warpshard::testing
