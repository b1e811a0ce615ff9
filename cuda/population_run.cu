#include "cuda/launch.h"
#include "cuda/warps.cuh"

namespace warpshard::cuda {
namespace {

/// The part of a chain's state that every move touches, in shared memory for the length of a
/// launch.
class SharedState {
 public:
  __device__ SharedState(const PopulationShape& shape, std::int32_t* memory)
      : shape_(shape), memory_(memory) {}

  /// Copies the chain's state in and lets the chain use it.
  __device__ void enter(ChainView& chain) const {
    const ChainView home = chain;
    WarpGroup::sync();
    if (WarpGroup::rank() == 0) {
      chain.memory.headroom = memory_;
      chain.memory.block_add = chain.memory.headroom + shape_.padded_times();
      chain.memory.block_least = chain.memory.block_add + shape_.num_blocks;
      chain.values = reinterpret_cast<std::uint16_t*>(chain.memory.block_least + shape_.num_blocks);
    }
    copy(home, chain);
  }

  /// Copies the state back to where it is `home`.
  __device__ void leave(const ChainView& chain, const ChainView& home) const { copy(chain, home); }

 private:
  __device__ void copy(const ChainView& from, const ChainView& to) const {
    WarpGroup::sync();
    copy(from.memory.headroom, to.memory.headroom, shape_.padded_times());
    copy(from.memory.block_add, to.memory.block_add, shape_.num_blocks);
    copy(from.memory.block_least, to.memory.block_least, shape_.num_blocks);
    copy(from.values, to.values, shape_.value_stride);
    WarpGroup::sync();
  }
  template <typename T>
  __device__ static void copy(const T* from, T* to, std::int32_t count) {
    for (std::int32_t k = WarpGroup::rank(); k < count; k += WarpGroup::size()) to[k] = from[k];
  }

  const PopulationShape& shape_;
  std::int32_t* memory_;
};

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

/// Chains of a block whose states lie in global memory: the more, the more share what growing trees
/// takes, and what is in the cache for one tree. These are all that a multiprocessor has registers for;
/// more of fewer registers each were slower (benchmarks/devices.md).
constexpr int kChainsPerBlock = 32;
constexpr int kBlocksPerMultiprocessor = 1;

/// Trees that a warp grows at a time, one after the other. A block's warps wait for each other once
/// for so many; each takes memory of its own, and those that a chunk has no more use for are lost.
constexpr std::int32_t kRoomsPerChain = 16;

/// What a warp has in shared memory, whatever its chain keeps there. The view is there since its
/// many pointers would take most of the registers.
struct alignas(16) WarpMemory {
  float parts[MoveScratch::kParts];
  // Bytes, since a constructor would run in every thread, and at no certain time.
  alignas(ChainView) unsigned char chain[sizeof(ChainView)];
  alignas(ChainStatus) unsigned char status[sizeof(ChainStatus)];
};
constexpr auto kWarpBytes = std::int64_t{sizeof(WarpMemory)};

/// A warp per chain. Lane 0 writes status and view, all lanes read them.
template <typename Work>
__global__ void __launch_bounds__(kChainsPerBlock* WarpGroup::kLanes, kBlocksPerMultiprocessor)
    run_kernel(const PopulationView view, const Work work, std::int64_t shared_bytes_per_chain) {
  const std::int32_t c = warp_number();
  if (c >= view.shape.num_chains) return;
  const std::int32_t warp = static_cast<std::int32_t>(threadIdx.x) / WarpGroup::kLanes;
  std::int32_t* const memory = shared_memory() + warp * ((kWarpBytes + shared_bytes_per_chain) / 4);
  WarpMemory& own = *reinterpret_cast<WarpMemory*>(memory);
  ChainStatus& status = *reinterpret_cast<ChainStatus*>(own.status);
  ChainView& chain = *reinterpret_cast<ChainView*>(own.chain);
  if (WarpGroup::rank() == 0) {
    status = view.status[c];
    chain = view.chain(c);
    chain.account = &status.account;
    chain.counters = &status.counters;
    chain.scratch.parts = own.parts;
  }
  WarpGroup::sync();

  SharedState shared(view.shape, memory + kWarpBytes / 4);
  if (shared_bytes_per_chain > 0) shared.enter(chain);
  work(view, chain, c);
  if (shared_bytes_per_chain > 0) shared.leave(chain, view.chain(c));
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

/// Most bytes of shared memory that a launch may ask for, per block.
int most_shared_bytes() { return attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin); }

/// Percentage of a multiprocessor's memory beside its registers that its blocks need as shared memory
/// where chains stay in global memory: the rest serves as cache.
int least_carveout() {
  const auto block = static_cast<int>(kChainsPerBlock * kWarpBytes) +
                     attribute(cudaDevAttrReservedSharedMemoryPerBlock);
  const int all = attribute(cudaDevAttrMaxSharedMemoryPerMultiprocessor);
  return (100 * kBlocksPerMultiprocessor * block + all - 1) / all;
}

template <typename Work>
void run(const PopulationView& view, const Work& work, std::int64_t shared_bytes_per_chain) {
  // Blocks of one warp let as many chains share a multiprocessor as its shared memory can hold.
  const int warps = shared_bytes_per_chain > 0 ? 1 : kChainsPerBlock;
  const int blocks = (view.shape.num_chains + warps - 1) / warps;
  if (shared_bytes_per_chain > 0) {
    // Not what this launch needs: another thread may be about to launch with more.
    check(cudaFuncSetAttribute(run_kernel<Work>, cudaFuncAttributeMaxDynamicSharedMemorySize,
                               most_shared_bytes()),
          "asking for shared memory");
  }
  // By itself the driver may leave too small a part to the cache, or so much that fewer blocks fit.
  check(cudaFuncSetAttribute(
            run_kernel<Work>, cudaFuncAttributePreferredSharedMemoryCarveout,
            shared_bytes_per_chain > 0 ? int{cudaSharedmemCarveoutMaxShared} : least_carveout()),
        "dividing memory between cache and chains");
  launch("launching the chains",
         {blocks, warps * WarpGroup::kLanes, warps * (kWarpBytes + shared_bytes_per_chain)},
         run_kernel<Work>, view, work, shared_bytes_per_chain);
}

}  // namespace

void run_chains(const PopulationView& view, const ChainWork& work,
                std::int64_t shared_bytes_per_chain) {
  if (work.tabu_chains > 0) {
    run(view, AnnealOrTabu{work}, shared_bytes_per_chain);
  } else {
    run(view, Anneal{work}, shared_bytes_per_chain);
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
  limits.warps_global = blocks * kChainsPerBlock;
  limits.blocks = properties.maxBlocksPerMultiProcessor;
  limits.rooms_per_chain = kRoomsPerChain;
  limits.shared_bytes = static_cast<std::int64_t>(properties.sharedMemPerMultiprocessor);
  limits.shared_bytes_reserved =
      static_cast<std::int64_t>(properties.reservedSharedMemPerBlock) + kWarpBytes;
  limits.shared_bytes_per_block = most_shared_bytes() - kWarpBytes;
  return limits;
}

}  // namespace warpshard::cuda
