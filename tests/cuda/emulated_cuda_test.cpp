// The stand-in for CUDA notices what it is there to notice.

#include "tests/cuda/emulated_cuda.h"

#include <gtest/gtest.h>

#include <vector>

#include "cuda/check.h"
#include "cuda/device_space.cuh"
#include "cuda/warps.cuh"

namespace warpshard::testing::emulated {
namespace {

class EmulatedCudaTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(cudaSetDevice(kFirst), cudaSuccess); }
  void TearDown() override {
    EXPECT_EQ(live_allocations(), 0);
    EXPECT_EQ(pending(), 0);
    repair();
  }
};

using Ints = DeviceSpace::Array<std::int32_t>;

Ints& ints(Ints& array, std::size_t size) {
  array.resize(size);
  return array;
}

void nothing() {}
void write(std::int32_t* entries, int count) {
  for (int k = 0; k < count; ++k) entries[k] = k;
}
void write_shared(int at) {
  cuda::shared_memory()[at] = 1;
}
void part() {
  if (threadIdx.x < WarpGroup::kLanes) __syncthreads();
}
/// The last thread's number, as the others get to know it.
void tell(std::int32_t* told, bool with_sync) {
  __shared__ std::int32_t last;
  if (threadIdx.x == blockDim.x - 1) last = static_cast<std::int32_t>(threadIdx.x);
  if (with_sync) __syncthreads();
  told[blockIdx.x * blockDim.x + threadIdx.x] = last;
  __syncthreads();
  last = -1;
}

template <typename... Parameters, typename... Arguments>
std::string error_of(const cuda::Grid& grid, void (*kernel)(Parameters...),
                     const Arguments&... arguments) {
  try {
    cuda::launch("launching", grid, kernel, arguments...);
    cuda::check(cudaStreamSynchronize(cudaStreamPerThread), "waiting");
    return {};
  } catch (const std::exception& failure) {
    cudaGetLastError();
    return failure.what();
  }
}

TEST_F(EmulatedCudaTest, KeepsTheHostOutOfDeviceMemory) {
  Ints array;
  ints(array, 100);
  std::int32_t* const raw = DeviceSpace::pointer(array);
  EXPECT_DEATH(raw[0] = 1, "");
  EXPECT_EQ(error_of({1, 32}, write, raw, 100), "");
  EXPECT_DEATH(error_of({1, 32}, write, raw, 101), "");
  EXPECT_EQ(DeviceSpace::read(array, 98, 2), (std::vector<std::int32_t>{98, 99}));
}

TEST_F(EmulatedCudaTest, KeepsKernelsOffOtherMemory) {
#ifndef EMULATED_CUDA_SEES_ARGUMENTS
  GTEST_SKIP() << "this compiler cannot tell addresses from stale bytes";
#endif
  Ints array;
  ints(array, 4);
  std::vector<std::int32_t> host(4);
  EXPECT_NE(error_of({1, 32}, write, host.data(), 4).find("outside"), std::string::npos);
  ASSERT_EQ(cudaSetDevice(kSecond), cudaSuccess);
  EXPECT_NE(error_of({1, 32}, write, DeviceSpace::pointer(array), 4).find("outside"),
            std::string::npos);
  ASSERT_EQ(cudaSetDevice(kFirst), cudaSuccess);
}

TEST_F(EmulatedCudaTest, RunsNothingBeforeSomebodyWaits) {
  Ints array;
  ints(array, 2);
  cuda::launch("writing", {1, 32}, write, DeviceSpace::pointer(array), 2);
  EXPECT_EQ(pending(), 1);
  EXPECT_EQ(DeviceSpace::read(array, 0, 2), (std::vector<std::int32_t>{0, 1}));
}

TEST_F(EmulatedCudaTest, RefusesLaunchesThatDeviceWouldRefuse) {
  constexpr std::int64_t kMost = 48 << 10;
  EXPECT_EQ(error_of({1, 1024, kMost}, nothing), "");
  for (const cuda::Grid& grid : {cuda::Grid{0, 32}, {1, 1056}, {1, 0}, {1, 32, kMost + 1}})
    EXPECT_NE(error_of(grid, nothing), "");
  const auto prefer = [](int percent) {
    return cudaFuncSetAttribute(nothing, cudaFuncAttributePreferredSharedMemoryCarveout, percent);
  };
  EXPECT_EQ(prefer(100), cudaSuccess);
  EXPECT_EQ(prefer(101), cudaErrorInvalidValue);
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
}

TEST_F(EmulatedCudaTest, NoticesWritesPastSharedMemory) {
  EXPECT_EQ(error_of({1, 32, 8}, write_shared, 1), "");
  EXPECT_NE(error_of({1, 32, 8}, write_shared, 2).find("shared memory"), std::string::npos);
}

TEST_F(EmulatedCudaTest, NoticesThreadsThatPart) {
  EXPECT_EQ(error_of({1, 32}, part), "");
  EXPECT_NE(error_of({1, 64}, part).find("sync"), std::string::npos);
}

TEST_F(EmulatedCudaTest, NoticesAMissingSyncOfTheBlock) {
  Ints array;
  ints(array, 3 * 64);
  for (const bool with_sync : {true, false}) {
    ASSERT_EQ(error_of({3, 64}, tell, DeviceSpace::pointer(array), with_sync), "");
    const std::vector<std::int32_t> right(3 * 64, 63);
    EXPECT_EQ(DeviceSpace::read(array, 0, 3 * 64) == right, with_sync);
  }
}

}  // namespace
}  // namespace warpshard::testing::emulated
