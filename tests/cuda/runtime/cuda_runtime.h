#pragma once

// A stand-in for the part of CUDA's runtime that cuda/ uses: lets C++ compilers build its sources
// and the CPU run them. Found before CUDA's header on the include path of the tests alone.
// Stricter than CUDA where CUDA leaves it open; see tests/cuda/emulated_cuda.h.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "tests/kernels/emulated_block.h"

#define __CUDACC__
#define __host__
#define __device__
#define __global__
#define __launch_bounds__(...)
// Static in a function; with `extern`, the memory that a launch asks for. Host threads launch at
// the same time, a host thread's blocks run one after the other.
#define __shared__ thread_local

// Numbers, names and meanings are CUDA's.

enum cudaError_t {
  cudaSuccess = 0,
  cudaErrorInvalidValue = 1,
  cudaErrorMemoryAllocation = 2,
  cudaErrorInvalidConfiguration = 9,
  cudaErrorInvalidDevice = 101,
  cudaErrorLaunchFailure = 719,
};

enum cudaDeviceAttr {
  cudaDevAttrMaxSharedMemoryPerMultiprocessor,
  cudaDevAttrReservedSharedMemoryPerBlock,
};
enum cudaFuncAttribute {
  cudaFuncAttributePreferredSharedMemoryCarveout,
};

using cudaStream_t = struct CUstream_st*;
#define cudaStreamPerThread (reinterpret_cast<cudaStream_t>(2))

struct cudaDeviceProp {
  char name[256];
  std::size_t totalGlobalMem;
  int multiProcessorCount;
  int major, minor;
};

struct dim3 {
  dim3(unsigned width = 1) : x(width) {}
  unsigned x, y = 1, z = 1;
};

struct cudaLaunchConfig_t {
  dim3 gridDim, blockDim;
  std::size_t dynamicSmemBytes;
  cudaStream_t stream;
  const void* attrs;
  unsigned numAttrs;
};

const char* cudaGetErrorString(cudaError_t error);
cudaError_t cudaGetLastError();
cudaError_t cudaPeekAtLastError();
cudaError_t cudaDriverGetVersion(int* version);
cudaError_t cudaGetDeviceCount(int* count);
cudaError_t cudaGetDevice(int* device);
cudaError_t cudaSetDevice(int device);
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device);
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device);
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total);
cudaError_t cudaMalloc(void** memory, std::size_t bytes);
cudaError_t cudaFree(void* memory);
cudaError_t cudaStreamSynchronize(cudaStream_t stream);

namespace warpshard::testing::emulated {

/// What a launch runs: one call per thread of the grid.
struct Launch {
  cudaLaunchConfig_t config;
  std::function<void()> thread;
  std::vector<std::byte> arguments;  ///< in words, zeros where they hold nothing
  /// The kernel's parameters: types, mangled as one function's, and bytes, which `thread` holds.
  const char* signature;
  std::vector<std::span<const std::byte>> parameters;
};

/// A call that writes a number.
cudaError_t answer(int* to, int value);
cudaError_t launch(const Launch& launch);
cudaError_t prefer_carveout(int percent);

/// Copies at the device's side after what the stream holds; the caller waits.
cudaError_t copy(void* to, const void* from, std::size_t bytes);

/// Runs host code as one more piece of the stream's work on the device.
cudaError_t enqueue(cudaStream_t stream, std::function<void()> work);

// With ThreadSanitizer GCC leaves stale bytes between members as they are.
#if __has_builtin(__builtin_clear_padding) && !defined(__SANITIZE_THREAD__)
#define EMULATED_CUDA_SEES_ARGUMENTS
#endif

/// Appends an argument to a launch's, if the compiler can tell what is stale between its members.
template <typename T>
void add_bytes([[maybe_unused]] T argument, [[maybe_unused]] std::vector<std::byte>& bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
#ifdef EMULATED_CUDA_SEES_ARGUMENTS
  __builtin_clear_padding(&argument);
  const std::size_t begin = bytes.size();
  bytes.resize(begin + (sizeof(T) + 7) / 8 * 8);
  std::memcpy(bytes.data() + begin, &argument, sizeof(T));
#endif
}

unsigned block_number();
unsigned block_threads();

/// An index that the running thread of a block reads.
template <auto kRead>
struct Index {
  struct {
    operator unsigned() const { return static_cast<unsigned>(kRead()); }
  } x;
};

template <typename T>
T exchanged(const char* kind, T value, int step) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  const auto lane = static_cast<unsigned>(EmulatedBlock::rank() % EmulatedBlock::kLanes);
  const auto& all = EmulatedBlock::meet(kind, std::bit_cast<Bits>(value));
  return std::bit_cast<T>(static_cast<Bits>(all[lane ^ static_cast<unsigned>(step)]));
}

}  // namespace warpshard::testing::emulated

template <typename... Parameters>
cudaError_t cudaFuncSetAttribute(void (*)(Parameters...), cudaFuncAttribute, int value) {
  return warpshard::testing::emulated::prefer_carveout(value);
}

template <typename... Parameters>
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void (*)(Parameters...),
                                                          int threads, std::size_t) {
  return warpshard::testing::emulated::answer(blocks, 1024 / threads);
}

template <typename... Parameters, typename... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Parameters...),
                               Arguments&&... arguments) {
  using Held = std::tuple<Parameters...>;
  static_assert(sizeof(Held) <= 4096, "more than a kernel's arguments may take");
  const auto held = std::make_shared<Held>(std::forward<Arguments>(arguments)...);
  std::vector<std::byte> bytes;
  std::vector<std::span<const std::byte>> parameters;
  std::apply(
      [&](const auto&... each) {
        (warpshard::testing::emulated::add_bytes(each, bytes), ...);
        (parameters.push_back(std::as_bytes(std::span(&each, 1))), ...);
      },
      *held);
  return warpshard::testing::emulated::launch(
      {*config, [kernel, held] { std::apply(kernel, *held); }, std::move(bytes),
       typeid(void(Parameters...)).name(), std::move(parameters)});
}

inline constexpr warpshard::testing::emulated::Index<warpshard::testing::EmulatedBlock::rank>
    threadIdx{};
inline constexpr warpshard::testing::emulated::Index<warpshard::testing::emulated::block_number>
    blockIdx{};
inline constexpr warpshard::testing::emulated::Index<warpshard::testing::emulated::block_threads>
    blockDim{};

inline void __syncthreads() {
  warpshard::testing::EmulatedBlock::meet_block();
}
inline void __syncwarp() {
  warpshard::testing::EmulatedBlock::meet("__syncwarp", 0);
}
template <typename T>
T __shfl_xor_sync(unsigned, T value, int step) {
  return warpshard::testing::emulated::exchanged("__shfl_xor_sync", value, step);
}
inline int __reduce_min_sync(unsigned, int value) {
  const auto& all = warpshard::testing::EmulatedBlock::meet("__reduce_min_sync", value);
  return static_cast<int>(*std::min_element(all.begin(), all.end()));
}
inline unsigned __ballot_sync(unsigned, bool flag) {
  const auto& all = warpshard::testing::EmulatedBlock::meet("__ballot_sync", flag);
  unsigned set = 0;
  for (std::size_t lane = 0; lane < all.size(); ++lane)
    set |= static_cast<unsigned>(all[lane]) << lane;
  return set;
}
inline int __popc(unsigned bits) {
  return std::popcount(bits);
}
template <typename Number>
Number atomicAdd(Number* entry, Number amount) {
  const Number before = *entry;
  *entry += amount;
  return before;
}
