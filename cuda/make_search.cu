#include <memory>

#include "cuda/check.h"
#include "cuda/device_space.cuh"
#include "cuda/launch.h"
#include "host/device/backend.h"
#include "host/device/population_search.h"

namespace warpshard {
namespace {

/// The launches of one device. A device is current per thread, so each call selects it anew.
class CudaBackend {
 public:
  using Space = DeviceSpace;

  explicit CudaBackend(std::int32_t device) : device_(device) {}

  void select() { cuda::check(cudaSetDevice(device_), "selecting the device"); }
  /// Needed before another thread may call: its stream is another one.
  void wait() { cuda::check(cudaStreamSynchronize(cudaStreamPerThread), "running the kernels"); }

  void start_chains(const PopulationView& view, std::int32_t first, std::int32_t count) {
    cuda::start_chains(view, first, count);
  }
  void run_chains(const PopulationView& view, const ChainWork& work) {
    cuda::run_chains(view, work);
  }
  void measure_chains(const PopulationView& view) { cuda::measure_chains(view); }
  void tighten_chains(const PopulationView& view, float tolerance) {
    cuda::tighten_chains(view, tolerance);
  }
  void keep_elites(const PopulationView& view) { cuda::keep_elites(view); }
  void cross_islands(const PopulationView& view, std::uint32_t chunk) {
    cuda::cross_islands(view, chunk);
  }
  void exchange_islands(const PopulationView& view, std::uint32_t chunk) {
    cuda::exchange_islands(view, chunk);
  }
  void follow_prices(const PopulationView& view, const PriceRule& rule) {
    cuda::follow_prices(view, rule);
  }
  void sum_prices(const PopulationView& view) { cuda::sum_prices(view); }
  void price_rows(const PopulationView& view) { cuda::price_rows(view); }

 private:
  std::int32_t device_;
};

}  // namespace

Result<std::unique_ptr<DeviceSearch>> make_device_search(const FlatModel& model,
                                                         std::span<const float> noise,
                                                         const DeviceSearchOptions& options) {
  try {
    CudaBackend backend(options.device);
    backend.select();
    const auto plan = plan_population(model, static_cast<std::int64_t>(noise.size()),
                                      cuda::device_limits(), options);
    if (!plan) return plan.error();
    return std::unique_ptr<DeviceSearch>(std::make_unique<PopulationSearch<CudaBackend>>(
        backend, model, noise, *plan, options.seed));
  } catch (const std::exception& failure) {
    return Error{failure.what()};
  }
}

}  // namespace warpshard
