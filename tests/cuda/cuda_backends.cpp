#include "tests/cuda/backends.h"

namespace warpshard::testing {

std::vector<BackendKind> all_backends() {
  return {BackendKind::kSerial, BackendKind::kEmulatedWarp, BackendKind::kCuda};
}

std::int32_t device_of(BackendKind /*kind*/) {
  return 0;
}

}  // namespace warpshard::testing
