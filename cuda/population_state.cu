#include "cuda/launch.h"
#include "cuda/warps.cuh"
#include "kernels/island.h"

namespace warpshard::cuda {
namespace {

struct StartChain {
  PopulationView view;
  std::int32_t first;
  __device__ void operator()(WarpGroup group, std::int32_t k) const {
    start_chain(group, view, first + k);
  }
};

struct MeasureChain {
  PopulationView view;
  __device__ void operator()(WarpGroup group, std::int32_t c) const {
    measure_chain(group, view, c);
  }
};

struct TightenChain {
  PopulationView view;
  float tolerance;
  __device__ void operator()(WarpGroup group, std::int32_t c) const {
    tighten_chain(group, view, c, tolerance);
  }
};

struct KeepElite {
  PopulationView view;
  __device__ void operator()(WarpGroup group, std::int32_t island) const {
    keep_elite(group, view, island);
  }
};

struct CrossIsland {
  PopulationView view;
  std::uint32_t chunk;
  __device__ void operator()(WarpGroup group, std::int32_t island) const {
    cross_island(group, view, island, chunk);
  }
};

struct ExchangeIsland {
  PopulationView view;
  std::uint32_t chunk;
  __device__ void operator()(WarpGroup group, std::int32_t island) const {
    exchange_island(group, view, island, chunk);
  }
};

}  // namespace

void start_chains(const PopulationView& view, std::int32_t first, std::int32_t count) {
  launch_warps(count, StartChain{view, first}, "starting the chains");
}

void measure_chains(const PopulationView& view) {
  launch_warps(view.shape.num_chains, MeasureChain{view}, "measuring the chains");
}

void tighten_chains(const PopulationView& view, float tolerance) {
  launch_warps(view.shape.num_chains, TightenChain{view, tolerance},
               "tightening the chains' limits");
}

void keep_elites(const PopulationView& view) {
  launch_warps(view.shape.num_islands(), KeepElite{view}, "keeping the elites");
}

void cross_islands(const PopulationView& view, std::uint32_t chunk) {
  launch_warps(view.shape.num_islands(), CrossIsland{view, chunk}, "crossing the islands");
}

void exchange_islands(const PopulationView& view, std::uint32_t chunk) {
  launch_warps(view.shape.num_islands(), ExchangeIsland{view, chunk}, "exchanging replicas");
}

}  // namespace warpshard::cuda
