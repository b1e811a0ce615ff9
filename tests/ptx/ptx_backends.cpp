#include <gtest/gtest.h>

#include "tests/cuda/backends.h"
#include "tests/cuda/emulated_cuda.h"
#include "tests/ptx/launches.h"

namespace warpshard::testing {
namespace {

class InterpretLaunches : public ::testing::Environment {
  void SetUp() override { ptx::interpret_launches(); }
};

[[maybe_unused]] ::testing::Environment* const environment =
    ::testing::AddGlobalTestEnvironment(new InterpretLaunches);

}  // namespace

std::vector<BackendKind> all_backends() {
  return {BackendKind::kPtx};
}

std::int32_t device_of(BackendKind /*kind*/) {
  return emulated::kFirst;
}

}  // namespace warpshard::testing
