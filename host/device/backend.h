#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/device/population_plan.h"
#include "host/model/archive.h"
#include "host/model/flat_model.h"
#include "host/model/model.h"
#include "kernels/chain_view.h"
#include "kernels/prices.h"
#include "warpshard/result.h"

// The CUDA backend as the host sees it: no CUDA type appears here. A build without CUDA links a
// stub with the same symbols.

namespace warpshard {

/// What a population can run on beside the CPU's own chains: a GPU, or the CPU in a GPU's place.
struct DeviceInfo {
  enum class Kind {
    kCuda,  ///< a GPU that this build can run on
    kHost,  ///< CPU threads, see host_search.h
  };
  std::int32_t number = 0;  ///< CUDA's
  std::string name;
  std::int64_t total_bytes = 0;
  std::int32_t multiprocessors = 0;  ///< or threads
  std::int32_t compute_major = 0;
  std::int32_t compute_minor = 0;
  Kind kind = Kind::kCuda;

  /// As in --device and in the log.
  std::string label() const {
    return kind == Kind::kCuda ? "cuda:" + std::to_string(number) : "cpu-population";
  }
};

/// The GPUs at hand, or why there is none.
struct DeviceList {
  std::vector<DeviceInfo> devices;
  std::string absence;  ///< one line; empty if there are devices
};

/// The oldest generation that this build holds machine code for: Ampere.
inline constexpr std::int32_t kLeastComputeMajor = 8;

/// True if the CUDA backend is in this build.
bool built_with_cuda();

/// Looks for GPUs; never fails. Starts the driver, which may take a second.
DeviceList cuda_devices();

/// Nothing, or what went wrong on the device. After an error the search is of no further use.
using DeviceStatus = std::optional<Error>;

/// One stretch of work between two visits of the host.
struct ChunkOptions {
  std::int64_t visits = 1 << 14;  ///< variables that each chain scores, about
  float coldest = 1;              ///< cost units; the ladder is geometric between the two
  float hottest = 1;
  std::int32_t least_log2_tree = 0;  ///< see MovePolicy
  std::int32_t most_log2_tree = 8;
  /// This share of the islands searches with tabu values from each chain's state, instead of moves
  /// at its temperature; their chains end in the best state within the limit. Needs a plan with
  /// shape.tabu. Those islands are the first ones.
  float tabu_share = 0;
  bool follow_prices = true;  ///< afterwards, let prices follow usage
  bool exchange = true;       ///< afterwards, exchange replicas between temperature neighbours
  bool cross = true;          ///< first of all afterwards, cross coldest chains with other elites
  /// Meanwhile usage may rise above no more than max(capacity * (1 + tolerance), usage now).
  float tolerance = 0;
  PriceRule rule;
};

/// A state within the limit, as the device has it; see verified().
struct HarvestedState {
  Assignment values;
  std::int32_t island = 0;
  std::vector<float> prices;  ///< [times] the island's by now, cost units per usage quantum
};

/// One chain's state, copied to the host.
struct ChainSnapshot {
  Assignment values;
  CostAccount account;              ///< without the model's constant
  std::vector<std::int32_t> slack;  ///< [times] capacity less usage, in quanta
  std::int32_t rung = 0;            ///< place on the island's ladder, 0 is the coldest
};

/// Islands [0, so many) that search with tabu where a chunk asks for this share.
inline std::int32_t tabu_islands(float share, const PopulationShape& shape) {
  return static_cast<std::int32_t>(std::lround(share * static_cast<float>(shape.num_islands())));
}

/// Thousands of annealing chains on one device. Calls block; one thread at a time.
///
/// Chains of an island share prices and stand on one ladder of temperatures. All randomness comes
/// from the seed, so the same calls give the same states, per backend.
class DeviceSearch {
 public:
  virtual ~DeviceSearch() = default;

  virtual const PopulationPlan& plan() const = 0;

  /// Chain c starts from starts[c % starts.size()], each [variables]; every island from `prices`,
  /// [times] cost units per usage quantum.
  virtual DeviceStatus start(std::span<const Assignment> starts, std::span<const float> prices) = 0;

  /// Replaces all islands' prices, [times] cost units per usage quantum.
  virtual DeviceStatus set_prices(std::span<const float> prices) = 0;

  /// Puts state k, [variables], into the hottest chain of island k % islands: fresh blood from
  /// elsewhere.
  virtual DeviceStatus inject(std::span<const Assignment> states) = 0;

  virtual DeviceStatus run_chunk(const ChunkOptions& options) = 0;

  /// Islands' best states within the limit that were not harvested before, best first, at most
  /// `most`.
  virtual Result<std::vector<HarvestedState>> harvest(std::size_t most) = 0;

  /// One chain as it stands; for tests and diagnosis.
  virtual Result<ChainSnapshot> snapshot(std::int32_t chain) = 0;

  /// What all chains did since start().
  virtual Result<MoveCounters> counters() = 0;

  /// For checkpoints: how all chains stand, of a population of this plan on the same model.
  virtual DeviceStatus transfer(Archive& archive) = 0;
};

/// Prepares a search over `model` on one GPU. `noise` is the Gumbel table (NoiseTable::values()).
/// Both are copied. Fails with the figures if not even one island fits in the device's free memory.
Result<std::unique_ptr<DeviceSearch>> make_device_search(const FlatModel& model,
                                                         std::span<const float> noise,
                                                         const DeviceSearchOptions& options);

}  // namespace warpshard
