#include "tests/cuda/emulated_cuda.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/cuda/emulated_memory.h"

namespace warpshard::cuda {

/// Room for what a block may have, and some more to notice writes past its end.
constexpr std::size_t kSharedInts = (64 << 10) / 4;
/// What shared_memory() in cuda/warps.cuh is.
alignas(16) thread_local std::int32_t dynamic_memory[kSharedInts];

}  // namespace warpshard::cuda

namespace warpshard::testing::emulated {
namespace {

constexpr std::int32_t kPoison = 0x5CB5CB5C;
constexpr std::size_t kMostDynamicBytes = 48 << 10;  ///< of a kernel that never asks for more

using Work = std::function<void()>;

struct Device {
  cudaDeviceProp properties{};
  EmulatedMemory memory{std::size_t{1} << 30};
  std::map<std::thread::id, std::vector<Work>> streams;  ///< a host thread's, not yet run
  cudaError_t broken = cudaSuccess;
};

struct Runtime {
  Runtime() {
    for (int number = 0; number < kDevices; ++number) {
      cudaDeviceProp& properties = devices[static_cast<std::size_t>(number)].properties;
      std::strcpy(properties.name, "stand-in");
      properties.totalGlobalMem = devices[static_cast<std::size_t>(number)].memory.free_bytes();
      properties.multiProcessorCount = 2;
      properties.major = number == kOld ? 7 : 9;
    }
  }
  std::recursive_mutex mutex;
  std::array<Device, kDevices> devices;
  std::int64_t calls = 0;
  std::int64_t failing = -1;
  cudaError_t failure = cudaSuccess;
  std::mt19937_64 random;
  std::function<void(const Launch&)> executor;  ///< null: run_grid()
};

Runtime& runtime() {
  static Runtime runtime;
  return runtime;
}

thread_local int current_device = 0;
thread_local cudaError_t last_error = cudaSuccess;
thread_local unsigned current_block = 0;
thread_local unsigned threads_of_block = 0;

Device& device() {
  return runtime().devices[static_cast<std::size_t>(current_device)];
}

/// What a test wants the next call to fail with.
cudaError_t injected() {
  if (runtime().calls++ != runtime().failing) return cudaSuccess;
  if (runtime().failure == cudaErrorLaunchFailure) {
    device().broken = runtime().failure;
    for (auto& [thread, stream] : device().streams) stream.clear();
  }
  return runtime().failure;
}

/// One call of the runtime: `body` unless it is to fail.
template <typename Body>
cudaError_t call(const Body& body) {
  const std::lock_guard lock(runtime().mutex);
  cudaError_t status = injected();
  if (status == cudaSuccess) status = body();
  if (status != cudaSuccess) last_error = status;
  return status;
}

/// The same for what needs the current device to be in order.
template <typename Body>
cudaError_t call_device(const Body& body) {
  return call([&] { return device().broken != cudaSuccess ? device().broken : body(); });
}

/// Runs what one of the device's streams holds.
cudaError_t flush(std::vector<Work>& stream) {
  const EmulatedMemory::Access access(device().memory);
  const std::vector<Work> works = std::exchange(stream, {});
  for (const Work& work : works) {
    if (const cudaError_t status = injected(); status != cudaSuccess) return status;
    work();
  }
  return cudaSuccess;
}

std::vector<Work>& own_stream() {
  return device().streams[std::this_thread::get_id()];
}

/// True if something that is not this device's lies there. Programs and their data lie far up; what
/// looks like an address further down is numbers, where sanitizers have their tables.
bool foreign(const Device& device, std::uintptr_t address) {
  if (address >> 45 == 0 || address >> 48 != 0) return false;
  const auto page_bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const page = reinterpret_cast<void*>(address / page_bytes * page_bytes);
  unsigned char resident = 0;
  return !device.memory.holds(page) && mincore(page, 1, &resident) == 0;
}

void check_arguments(const Device& device, const std::vector<std::byte>& arguments) {
  for (std::size_t at = 0; at < arguments.size(); at += sizeof(std::uintptr_t)) {
    std::uintptr_t word = 0;
    std::memcpy(&word, arguments.data() + at, sizeof(word));
    if (foreign(device, word))
      throw std::logic_error("a kernel is given an address outside of the device, at byte " +
                             std::to_string(at) + " of its arguments");
  }
}

void run_block(const Launch& launch, unsigned number) {
  thread_local EmulatedBlock block(/*seed=*/1);
  const std::span shared(warpshard::cuda::dynamic_memory, warpshard::cuda::kSharedInts);
  std::ranges::fill(shared, kPoison);
  current_block = number;
  threads_of_block = launch.config.blockDim.x;
  std::string failure =
      block.run(launch.thread, static_cast<std::int32_t>(threads_of_block) / EmulatedBlock::kLanes);
  const auto past = shared.subspan((launch.config.dynamicSmemBytes + 3) / 4);
  if (std::ranges::any_of(past, [](std::int32_t word) { return word != kPoison; }))
    failure += "a block wrote past its shared memory";
  if (!failure.empty()) throw std::logic_error(failure);
}

/// Blocks run one after the other in any order.
void run_grid(const Launch& launch) {
  if (runtime().executor) return runtime().executor(launch);
  std::vector<unsigned> order(launch.config.gridDim.x);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::shuffle(order, runtime().random);
  for (const unsigned number : order) run_block(launch, number);
}

bool valid(const cudaLaunchConfig_t& config) {
  return config.gridDim.x >= 1 && config.gridDim.x <= 0x7FFFFFFF && config.gridDim.y == 1 &&
         config.gridDim.z == 1 && config.blockDim.x >= 1 && config.blockDim.x <= 1024 &&
         config.blockDim.y == 1 && config.blockDim.z == 1 && config.numAttrs == 0 &&
         config.dynamicSmemBytes <= kMostDynamicBytes;
}

}  // namespace

std::int64_t calls() {
  return runtime().calls;
}

void fail_call(std::int64_t n, cudaError_t error) {
  runtime().failing = runtime().calls + n;
  runtime().failure = error;
}

void repair() {
  runtime().failing = -1;
  for (Device& device : runtime().devices) device.broken = cudaSuccess;
  last_error = cudaSuccess;
}

std::int64_t live_allocations() {
  std::size_t count = 0;
  for (const Device& device : runtime().devices) count += device.memory.allocations();
  return static_cast<std::int64_t>(count);
}

std::int64_t pending() {
  std::size_t count = 0;
  for (const Device& device : runtime().devices)
    for (const auto& [thread, works] : device.streams) count += works.size();
  return static_cast<std::int64_t>(count);
}

void set_executor(std::function<void(const Launch&)> run) {
  runtime().executor = std::move(run);
}

std::vector<std::span<const std::byte>> allocations(DeviceNumber device) {
  return runtime().devices[device].memory.all();
}

unsigned block_number() {
  return current_block;
}

unsigned block_threads() {
  return threads_of_block;
}

cudaError_t answer(int* to, int value) {
  return call([&] {
    *to = value;
    return cudaSuccess;
  });
}

cudaError_t enqueue(cudaStream_t stream, std::function<void()> work) {
  return call_device([&] {
    if (stream != cudaStreamPerThread)
      throw std::logic_error("a stream that other host threads wait for");
    own_stream().push_back(std::move(work));
    return cudaSuccess;
  });
}

cudaError_t launch(const Launch& launch) {
  const std::lock_guard lock(runtime().mutex);
  if (!valid(launch.config)) return call([] { return cudaErrorInvalidConfiguration; });
  if (launch.config.blockDim.x % EmulatedBlock::kLanes != 0)
    throw std::logic_error("a block with part of a warp");
  check_arguments(device(), launch.arguments);
  return enqueue(launch.config.stream, [launch] { run_grid(launch); });
}

cudaError_t prefer_carveout(int percent) {
  return call_device(
      [&] { return percent >= -1 && percent <= 100 ? cudaSuccess : cudaErrorInvalidValue; });
}

cudaError_t copy(void* to, const void* from, std::size_t bytes) {
  return call_device([&] {
    if (bytes == 0) return cudaSuccess;
    if (const cudaError_t status = flush(own_stream()); status != cudaSuccess) return status;
    if (!device().memory.holds(to) && !device().memory.holds(from)) return cudaErrorInvalidValue;
    const EmulatedMemory::Access access(device().memory);
    std::memcpy(to, from, bytes);
    return cudaSuccess;
  });
}

}  // namespace warpshard::testing::emulated

using namespace warpshard::testing::emulated;

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorInvalidValue:
      return "invalid argument";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorInvalidConfiguration:
      return "invalid configuration argument";
    case cudaErrorInvalidDevice:
      return "invalid device ordinal";
    case cudaErrorLaunchFailure:
      return "unspecified launch failure";
  }
  return "unknown error";
}

cudaError_t cudaPeekAtLastError() {
  const std::lock_guard lock(runtime().mutex);
  return device().broken != cudaSuccess ? device().broken : last_error;
}

cudaError_t cudaGetLastError() {
  const cudaError_t error = cudaPeekAtLastError();
  last_error = cudaSuccess;
  return error;
}

cudaError_t cudaDriverGetVersion(int* version) {
  return answer(version, 13000);
}

cudaError_t cudaGetDeviceCount(int* count) {
  return answer(count, kDevices);
}

cudaError_t cudaGetDevice(int* number) {
  return answer(number, current_device);
}

cudaError_t cudaSetDevice(int number) {
  return call([&] {
    if (number < 0 || number >= kDevices) return cudaErrorInvalidDevice;
    current_device = number;
    return cudaSuccess;
  });
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int number) {
  return call([&] {
    if (number < 0 || number >= kDevices) return cudaErrorInvalidDevice;
    *properties = runtime().devices[static_cast<std::size_t>(number)].properties;
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int number) {
  if (number < 0 || number >= kDevices) return call([] { return cudaErrorInvalidDevice; });
  switch (attribute) {
    case cudaDevAttrMaxSharedMemoryPerMultiprocessor:
      return answer(value, 228 << 10);
    case cudaDevAttrReservedSharedMemoryPerBlock:
      return answer(value, 1 << 10);
  }
  return call([] { return cudaErrorInvalidValue; });
}

cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  return call_device([&] {
    *total = device().properties.totalGlobalMem;
    *free = device().memory.free_bytes();
    return cudaSuccess;
  });
}

cudaError_t cudaMalloc(void** memory, std::size_t bytes) {
  return call_device([&] {
    *memory = device().memory.allocate(bytes);
    return *memory != nullptr ? cudaSuccess : cudaErrorMemoryAllocation;
  });
}

/// Waits for the whole device. The memory is given back after a failure, too.
cudaError_t cudaFree(void* memory) {
  const std::lock_guard lock(runtime().mutex);
  cudaError_t status = call_device([] { return cudaSuccess; });
  for (auto& [thread, stream] : device().streams)
    if (status == cudaSuccess) status = flush(stream);
  if (!device().memory.free(memory) && status == cudaSuccess) status = cudaErrorInvalidValue;
  if (status != cudaSuccess) last_error = status;
  return status;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  return call_device([&] {
    if (stream != cudaStreamPerThread)
      throw std::logic_error("a stream that other host threads wait for");
    return flush(own_stream());
  });
}
