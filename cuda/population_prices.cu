#include <cub/block/block_reduce.cuh>
#include <cub/block/block_scan.cuh>

#include "cuda/launch.h"
#include "cuda/warps.cuh"
#include "kernels/island_prices.h"

namespace warpshard::cuda {
namespace {

constexpr int kThreads = 256;

/// A block per island: the mean of its prices, in thread 0.
__device__ double sum_of(const float* prices, std::int32_t times) {
  using Reduce = cub::BlockReduce<double, kThreads>;
  __shared__ typename Reduce::TempStorage storage;
  double sum = 0;
  for (auto t = static_cast<std::int32_t>(threadIdx.x); t < times; t += kThreads) sum += prices[t];
  return Reduce(storage).Sum(sum);
}

/// A block per island: prefix[t] = sum of the prices before t. The order of summation is fixed.
__device__ void write_prefix(const float* prices, std::int32_t times, double* prefix) {
  using Scan = cub::BlockScan<double, kThreads>;
  __shared__ typename Scan::TempStorage storage;
  if (threadIdx.x == 0) prefix[0] = 0;
  double before = 0;
  for (std::int32_t base = 0; base < times; base += kThreads) {
    const std::int32_t t = base + static_cast<std::int32_t>(threadIdx.x);
    double sum = 0;
    double total = 0;
    Scan(storage).InclusiveSum(t < times ? static_cast<double>(prices[t]) : 0.0, sum, total);
    if (t < times) prefix[t + 1] = before + sum;
    before += total;
    __syncthreads();  // the storage is used again
  }
}

__global__ void __launch_bounds__(kThreads) sum_kernel(const PopulationView view) {
  const auto island = static_cast<std::int32_t>(blockIdx.x);
  const std::int32_t times = view.shape.num_times;
  write_prefix(view.prices + PopulationView::row(island, times), times,
               view.prefix + PopulationView::row(island, times + 1));
}

__global__ void __launch_bounds__(kThreads)
    follow_kernel(const PopulationView view, const PriceRule rule) {
  const auto island = static_cast<std::int32_t>(blockIdx.x);
  const std::int32_t times = view.shape.num_times;
  float* const prices = view.prices + PopulationView::row(island, times);
  __shared__ float mean;
  const double sum = sum_of(prices, times);
  if (threadIdx.x == 0) mean = static_cast<float>(sum / times);
  __syncthreads();
  for (auto t = static_cast<std::int32_t>(threadIdx.x); t < times; t += kThreads)
    prices[t] = followed_price(view, rule, island, t, mean);
  __syncthreads();
  write_prefix(prices, times, view.prefix + PopulationView::row(island, times + 1));
}

/// A warp per row; rows of one island lie next to each other.
struct PriceRow {
  PopulationView view;
  __device__ void operator()(WarpGroup group, std::int32_t number) const {
    price_island_row(group, view, number / view.shape.num_variables,
                     number % view.shape.num_variables);
  }
};

}  // namespace

void follow_prices(const PopulationView& view, const PriceRule& rule) {
  if (view.shape.num_times == 0) return;
  launch("following prices", {view.shape.num_islands(), kThreads}, follow_kernel, view, rule);
}

void sum_prices(const PopulationView& view) {
  launch("summing prices", {view.shape.num_islands(), kThreads}, sum_kernel, view);
}

void price_rows(const PopulationView& view) {
  launch_warps(view.shape.num_islands() * view.shape.num_variables, PriceRow{view}, "pricing rows");
}

}  // namespace warpshard::cuda
