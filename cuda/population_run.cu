#include "cuda/launch.h"
#include "cuda/warps.cuh"

namespace warpshard::cuda {
namespace {

/// The chains of a block, where these are of one island and all of it does the same; else each
/// chain by itself.
class BlockTeam {
 public:
  __device__ explicit BlockTeam(const PopulationShape& shape)
      : together_(shape.chains_per_island % warps() == 0) {}

  __device__ std::int32_t rank() const {
    return together_ ? static_cast<std::int32_t>(threadIdx.x) / WarpGroup::kLanes : 0;
  }
  __device__ std::int32_t size() const { return together_ ? warps() : 1; }
  __device__ void sync() const {
    if (together_) __syncthreads();
  }

 private:
  __device__ static std::int32_t warps() {
    return static_cast<std::int32_t>(blockDim.x) / WarpGroup::kLanes;
  }

  bool together_;
};

/// Kernels without tabu search need fewer registers.
struct Anneal {
  ChainWork work;
  __device__ void operator()(const PopulationView& view, ChainView& chain, std::int32_t c) const {
    anneal_chain(WarpGroup{}, BlockTeam(view.shape), view, chain, c, work);
  }
};
struct AnnealOrTabu {
  ChainWork work;
  __device__ void operator()(const PopulationView& view, ChainView& chain, std::int32_t c) const {
    run_chain(WarpGroup{}, BlockTeam(view.shape), view, chain, c, work);
  }
};

/// Chains of a block: the more, the more share what growing trees takes, and what is in the cache
/// for one tree. These are all that a multiprocessor has registers for; more of fewer registers
/// each were slower (benchmarks/devices.md).
constexpr int kChainsPerBlock = 32;
constexpr int kBlocksPerMultiprocessor = 1;

/// Trees that a warp grows at a time, one after the other. A block's warps wait for each other once
/// for so many; each takes memory of its own, and those that a chunk has no more use for are lost.
constexpr std::int32_t kRoomsPerChain = 4;

/// What a warp has in shared memory. The view is there since its many pointers would take most of
/// the registers.
struct alignas(16) WarpMemory {
  float parts[MoveScratch::kParts];
  std::uint16_t tree_values[TreeRoom::kMaxTree];
  // Bytes, since a constructor would run in every thread, and at no certain time.
  alignas(ChainView) unsigned char chain[sizeof(ChainView)];
  alignas(ChainStatus) unsigned char status[sizeof(ChainStatus)];
};
constexpr auto kWarpBytes = std::int64_t{sizeof(WarpMemory)};

/// A warp per chain. Lane 0 writes status and view, all lanes read them.
template <typename Work>
__global__ void __launch_bounds__(kChainsPerBlock* WarpGroup::kLanes, kBlocksPerMultiprocessor)
    run_kernel(const PopulationView view, const Work work) {
  const std::int32_t c = warp_number();
  if (c >= view.shape.num_chains) return;
  const std::int32_t warp = static_cast<std::int32_t>(threadIdx.x) / WarpGroup::kLanes;
  WarpMemory& own = reinterpret_cast<WarpMemory*>(shared_memory())[warp];
  ChainStatus& status = *reinterpret_cast<ChainStatus*>(own.status);
  ChainView& chain = *reinterpret_cast<ChainView*>(own.chain);
  if (WarpGroup::rank() == 0) {
    status = view.status[c];
    chain = view.chain(c);
    chain.account = &status.account;
    chain.counters = &status.counters;
    chain.scratch.parts = own.parts;
    chain.scratch.tree_values = own.tree_values;
  }
  WarpGroup::sync();
  work(view, chain, c);
  WarpGroup::sync();
  if (WarpGroup::rank() == 0) view.status[c] = status;
}

int current_device() {
  int device = 0;
  check(cudaGetDevice(&device), "finding the current device");
  return device;
}

/// What the current device has of it.
int attribute(cudaDeviceAttr which) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, which, current_device()),
        "reading how much shared memory there is");
  return value;
}

/// Percentage of a multiprocessor's memory beside its registers that its blocks need as shared
/// memory: the rest serves as cache.
int least_carveout() {
  const auto block = static_cast<int>(kChainsPerBlock * kWarpBytes) +
                     attribute(cudaDevAttrReservedSharedMemoryPerBlock);
  const int all = attribute(cudaDevAttrMaxSharedMemoryPerMultiprocessor);
  return (100 * kBlocksPerMultiprocessor * block + all - 1) / all;
}

template <typename Work>
void run(const PopulationView& view, const Work& work) {
  // By itself the driver may leave too small a part to the cache, or so much that fewer blocks fit.
  check(cudaFuncSetAttribute(run_kernel<Work>, cudaFuncAttributePreferredSharedMemoryCarveout,
                             least_carveout()),
        "dividing memory between cache and chains");
  const int blocks = (view.shape.num_chains + kChainsPerBlock - 1) / kChainsPerBlock;
  launch("launching the chains",
         {blocks, kChainsPerBlock * WarpGroup::kLanes, kChainsPerBlock * kWarpBytes},
         run_kernel<Work>, view, work);
}

}  // namespace

void run_chains(const PopulationView& view, const ChainWork& work) {
  if (work.tabu_chains > 0) {
    run(view, AnnealOrTabu{work});
  } else {
    run(view, Anneal{work});
  }
}

DeviceLimits device_limits() {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, current_device()), "reading the device's properties");
  std::size_t free_bytes = 0;
  std::size_t total_bytes = 0;
  check(cudaMemGetInfo(&free_bytes, &total_bytes), "reading the device's free memory");
  int blocks = 0;
  check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, run_kernel<Anneal>,
                                                      kChainsPerBlock * WarpGroup::kLanes,
                                                      kChainsPerBlock * kWarpBytes),
        "computing the occupancy");
  DeviceLimits limits;
  limits.free_bytes = static_cast<std::int64_t>(free_bytes);
  limits.multiprocessors = properties.multiProcessorCount;
  limits.resident_warps = blocks * kChainsPerBlock;
  limits.rooms_per_chain = kRoomsPerChain;
  return limits;
}

}  // namespace warpshard::cuda
