#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/system/cuda/execution_policy.h>

#include <memory>

#include "cuda/check.h"
#include "cuda/device_space.cuh"
#include "cuda/warps.cuh"
#include "host/device/sweep_rounds.h"
#include "kernels/sweep_round.h"

namespace warpshard {
namespace {

using cuda::launch_blocks;
using cuda::launch_warps;

struct PriceRow {
  SweepRoundView view;
  __device__ void operator()(WarpGroup /*group*/, std::int32_t v) const {
    price_row(WarpGroup{}, view.model, view.prefix, v, view.unary);
  }
};

struct Visit {
  SweepRoundView view;
  std::int32_t begin;
  SweepDirection direction;
  __device__ void operator()(WarpGroup /*group*/, std::int32_t slot) const {
    visit_position<WarpGroup>(view, begin + slot, slot, direction);
  }
};

struct VisitHub {
  SweepRoundView view;
  std::int32_t first;
  SweepDirection direction;
  __device__ void operator()(cuda::BlockWarps team, std::int32_t slot) const {
    visit_hub<WarpGroup>(team, view, first + slot, slot, direction);
  }
};

struct VisitIsolated {
  SweepRoundView view;
  __device__ void operator()(WarpGroup /*group*/, std::int32_t k) const {
    visit_isolated<WarpGroup>(view, k);
  }
};

/// A thread per entry.
struct Overshoot {
  float* current;
  float* last;
  float momentum;
  __device__ void operator()(std::int64_t k) const {
    overshoot_message(current[k], last[k], momentum);
  }
};

struct AtomicAdd {
  __device__ void operator()(std::int64_t* entry, std::int64_t amount) const {
    // Two's complement: adding the unsigned pattern adds the signed number.
    atomicAdd(reinterpret_cast<unsigned long long*>(entry),
              static_cast<unsigned long long>(amount));
  }
};

struct Expect {
  SweepRoundView view;
  std::int32_t begin;
  float temperature;
  __device__ void operator()(WarpGroup /*group*/, std::int32_t slot) const {
    const SweepVariable& variable = view.trws.variables[begin + slot];
    expect_variable<WarpGroup>(view, variable.id, view.trws.min_marginals + variable.row, slot,
                               temperature, AtomicAdd{});
  }
};

struct ExpectIsolated {
  SweepRoundView view;
  float temperature;
  __device__ void operator()(WarpGroup /*group*/, std::int32_t slot) const {
    const std::int32_t v = view.isolated[slot];
    expect_variable<WarpGroup>(view, v, view.unary + view.model.row_offsets[v], slot, temperature,
                               AtomicAdd{});
  }
};

struct CopyIsolated {
  SweepRoundView view;
  __device__ void operator()(WarpGroup group, std::int32_t k) const {
    const std::int32_t v = view.isolated[k];
    const std::int32_t row = view.model.row_offsets[v];
    for (std::int32_t d = group.rank(); d < view.model.stride(v); d += group.size())
      view.trws.min_marginals[row + d] = view.unary[row + d];
  }
};

/// The launches of one device. A device is current per thread, so each call selects it anew.
class CudaSweepBackend {
 public:
  using Space = DeviceSpace;

  explicit CudaSweepBackend(std::int32_t device) : device_(device) {}

  void select() { cuda::check(cudaSetDevice(device_), "selecting the device"); }
  /// Needed before another thread may call: its stream is another one.
  void wait() { cuda::check(cudaStreamSynchronize(cudaStreamPerThread), "passing messages"); }
  void price(const SweepRoundView& view) {
    launch_warps(view.model.num_variables, PriceRow{view}, "pricing rows");
  }
  void visit(const SweepRoundView& view, std::int32_t begin, std::int32_t end,
             SweepDirection direction) {
    launch_warps(end - begin, Visit{view, begin, direction}, "passing messages");
  }
  void visit_hubs(const SweepRoundView& view, std::int32_t first, std::int32_t count,
                  SweepDirection direction) {
    launch_blocks<kHubGroups>(count, VisitHub{view, first, direction}, "passing hubs' messages");
  }
  void visit_isolated(const SweepRoundView& view) {
    launch_warps(view.num_isolated, VisitIsolated{view}, "bounding variables without edges");
  }
  void overshoot(float* current, float* last, std::int64_t entries, float momentum) {
    thrust::for_each_n(thrust::cuda::par.on(cudaStreamPerThread),
                       thrust::counting_iterator<std::int64_t>(0), entries,
                       Overshoot{current, last, momentum});
  }
  void expect(const SweepRoundView& view, std::int32_t begin, std::int32_t end, float temperature) {
    launch_warps(end - begin, Expect{view, begin, temperature}, "expecting usage");
  }
  void expect_isolated(const SweepRoundView& view, float temperature) {
    launch_warps(view.num_isolated, ExpectIsolated{view, temperature}, "expecting usage");
  }
  void copy_isolated(const SweepRoundView& view) {
    launch_warps(view.num_isolated, CopyIsolated{view}, "copying rows");
  }

 private:
  std::int32_t device_;
};

}  // namespace

Result<std::unique_ptr<DeviceSweeps>> make_device_sweeps(const FlatModel& model,
                                                         const SweepPlan& plan,
                                                         std::int32_t device) {
  try {
    CudaSweepBackend backend(device);
    backend.select();
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    cuda::check(cudaMemGetInfo(&free_bytes, &total_bytes), "reading the device's free memory");
    if (const auto refusal = refuse_sweeps(model, plan, static_cast<std::int64_t>(free_bytes)))
      return *refusal;
    return std::unique_ptr<DeviceSweeps>(
        std::make_unique<SweepRounds<CudaSweepBackend>>(backend, model, plan));
  } catch (const std::exception& failure) {
    return Error{failure.what()};
  }
}

}  // namespace warpshard
