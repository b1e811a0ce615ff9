#include "host/device/population_plan.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

#include "host/device/storage.h"

namespace warpshard {
namespace {

/// Floats of scores per chain: tree blocks larger than this stop growing.
constexpr std::int32_t kScoreRoom = 1 << 13;

/// Bytes of a list of arrays, as an allocation would take.
class ByteCount {
 public:
  template <typename Array>
  void operator()(const Array& /*array*/, std::int64_t entries) {
    bytes += entries * static_cast<std::int64_t>(sizeof(typename Array::value_type));
  }
  std::int64_t bytes = 0;
};

std::int64_t population_bytes(const PopulationShape& shape) {
  ByteCount count;
  const PopulationStorage<HostSpace> empty;
  PopulationStorage<HostSpace>::each(empty, shape, std::ref(count));
  return count.bytes;
}

/// What one more island of so many chains takes.
std::int64_t island_bytes_with(const FlatModel& model, std::int32_t chains_per_island, bool tabu,
                               std::int32_t rooms_per_chain) {
  const auto bytes = [&](std::int32_t islands) {
    return population_bytes(shape_of(model.view(), islands * chains_per_island, chains_per_island,
                                     tabu, rooms_per_chain));
  };
  return bytes(2) - bytes(1);
}

std::int64_t model_bytes_of(const FlatModel& model, std::int64_t noise_floats) {
  ByteCount count;
  const ModelStorage<HostSpace> empty;
  ModelStorage<HostSpace>::each(empty, model, [&](const auto& array, const auto& source) {
    count(array, static_cast<std::int64_t>(source.size()));
  });
  count(empty.noise, noise_floats);
  count(empty.roots, static_cast<std::int64_t>(model.domains.size()));  // with the loners
  return count.bytes;
}

std::string mebibytes(std::int64_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
  return text.data();
}

/// Islands that are asked for and that there is memory for, with so many rooms for trees.
struct Fit {
  PopulationPlan plan;  ///< but for the final shape
  std::int32_t rooms = 1;
  std::int64_t wanted = 0;
  std::int64_t fitting = 0;
  std::int64_t smallest_bytes = 0;  ///< of a population of one island
};

Fit fit_of(const FlatModel& model, std::int64_t noise_floats, const DeviceLimits& limits,
           const DeviceSearchOptions& options, std::int32_t rooms) {
  const std::int32_t per_island = options.chains_per_island;
  const PopulationShape one = shape_of(model.view(), per_island, per_island, options.tabu, rooms);
  const std::int64_t per_island_bytes = island_bytes_with(model, per_island, options.tabu, rooms);
  Fit fit;
  fit.rooms = rooms;
  fit.smallest_bytes = population_bytes(one);
  PopulationPlan& plan = fit.plan;
  plan.model_bytes = model_bytes_of(model, noise_floats);
  plan.chain_bytes = island_bytes_with(model, 2, options.tabu, rooms) -
                     island_bytes_with(model, 1, options.tabu, rooms);
  plan.island_bytes = per_island_bytes - per_island * plan.chain_bytes;
  const double places =
      static_cast<double>(limits.resident_warps) * std::max(1, limits.multiprocessors);
  const std::int64_t chains =
      options.chains > 0 ? options.chains : static_cast<std::int64_t>(options.place_share * places);
  fit.wanted = (chains + per_island - 1) / per_island;
  const auto room =
      static_cast<std::int64_t>(options.memory_share * static_cast<double>(limits.free_bytes)) -
      plan.model_bytes - (fit.smallest_bytes - per_island_bytes);
  fit.fitting = room > 0 ? room / per_island_bytes : 0;
  return fit;
}

Result<PopulationPlan> plan_of(const FlatModel& model, const DeviceLimits& limits,
                               const DeviceSearchOptions& options, const Fit& fit) {
  const std::int32_t per_island = options.chains_per_island;
  PopulationPlan plan = fit.plan;
  if (fit.fitting == 0) {
    return Error{"the device has " + mebibytes(limits.free_bytes) + " free; the model takes " +
                 mebibytes(plan.model_bytes) + " and the smallest population, " +
                 std::to_string(per_island) + " chains, " + mebibytes(fit.smallest_bytes)};
  }
  // Not below what was asked for, but no more than fits.
  const std::int64_t islands = std::min(fit.fitting, fit.wanted);
  plan.shape = shape_of(model.view(), static_cast<std::int32_t>(islands * per_island), per_island,
                        options.tabu, fit.rooms);
  plan.total_bytes = plan.model_bytes + population_bytes(plan.shape);
  return plan;
}

}  // namespace

std::string PopulationPlan::describe() const {
  return std::to_string(shape.num_chains) + " chains on " + std::to_string(shape.num_islands()) +
         " islands, " + mebibytes(total_bytes) + " of device memory";
}

PopulationShape shape_of(const ModelView& model, std::int32_t chains,
                         std::int32_t chains_per_island, bool tabu, std::int32_t rooms_per_chain) {
  constexpr std::int32_t kSectorValues = 16;  // 32 bytes of two-byte values
  PopulationShape shape;
  shape.num_chains = chains;
  shape.chains_per_island = chains_per_island;
  shape.num_variables = model.num_variables;
  shape.num_times = model.num_times;
  shape.num_blocks = MemoryProfile::blocks_for(shape.num_times);
  shape.num_rows = model.row_offsets[model.num_variables];
  shape.value_stride = (shape.num_variables + kSectorValues - 1) / kSectorValues * kSectorValues;
  shape.score_room = std::max(kScoreRoom, 2 * model.max_stride);
  shape.quad_room = shape.score_room / kQuad;
  shape.rooms_per_chain = shape.rooms_by_levels = rooms_per_chain;
  shape.tabu = tabu;
  return shape;
}

Result<PopulationPlan> plan_population(const FlatModel& model, std::int64_t noise_floats,
                                       const DeviceLimits& limits,
                                       const DeviceSearchOptions& options) {
  if (options.chains < 0 || options.chains_per_island < 1)
    return Error{"a device search needs at least one chain per island"};
  if (options.rooms_per_chain < 0) return Error{"a chain needs room for a tree"};
  // Room to grow fewer trees at a time rather than fewer chains.
  std::int32_t rooms = limits.rooms_per_chain;
  if (options.rooms_per_chain > 0) rooms = options.rooms_per_chain;
  for (;; rooms /= 2) {
    const Fit fit = fit_of(model, noise_floats, limits, options, rooms);
    if (rooms <= 1 || fit.fitting >= fit.wanted) return plan_of(model, limits, options, fit);
  }
}

}  // namespace warpshard
