#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "host/device/backend.h"
#include "host/device/tabu_share.h"
#include "host/model/model.h"
#include "host/model/stop_token.h"
#include "host/search/elites.h"
#include "warpshard/result.h"

namespace warpshard {

/// How long a device's rounds are and how they are cut into epochs.
struct DeviceRoundParameters {
  /// Visits per connected variable and chain of the first round, of the longest one, and how much
  /// longer a round is than the one before it.
  double first_visits = 300;
  double most_visits = 40'000;
  double growth = 1.5;
  std::int32_t epochs = 100;  ///< price steps in a round, about
  /// Where time counts: seconds that an epoch takes at most, about; more of them make a round then.
  double longest_epoch = 0.1;
  float ladder = 2;          ///< hottest over coldest temperature of an island at any moment
  std::int32_t harvest = 2;  ///< states read back per epoch at most

  /// What is wrong with them, if anything is.
  std::optional<Error> validate() const;
};

/// Where rounds begin.
struct DeviceSources {
  std::vector<Assignment> decodings;  ///< of the bound, for fresh rounds; [variables] each
  std::vector<float> prices;          ///< the bound's, [times] cost units per usage quantum
  std::vector<Elite> elites;          ///< for rounds that go on from elites, cheapest first
  float heat_unit = 1;                ///< what a heat of 1 stands for, cost units
};

/// How much of a round to do at a time.
struct DeviceBudget {
  std::int32_t epochs = 1;  ///< of fixed length, if `seconds` is 0
  double seconds = 0;       ///< otherwise: about, whatever number of epochs that is
};

/// What a piece of a round brought.
struct DevicePiece {
  std::vector<Elite> found;  ///< within the limit, checked on the host; with their island's prices
  std::int64_t visits = 0;   ///< variables that all chains scored
  bool round_ended = false;
};

/// Rounds of annealing and tabu search on one device, a piece at a time. One thread at a time; it
/// has none of its own and touches nothing shared.
///
/// A round's length is counted in visits. Where budgets are epochs, what is found depends on the
/// sources, the search's seed and the order of the calls alone.
class DeviceRounds {
 public:
  /// `model` must outlive this, and be what `search` was made for. The parameters must be valid.
  DeviceRounds(const Model& model, std::unique_ptr<DeviceSearch> search,
               const DeviceRoundParameters& parameters = {});

  /// Takes effect when the next round begins.
  void set_sources(DeviceSources sources) { sources_ = std::move(sources); }

  /// True if there is anything to begin a round from.
  bool ready() const { return !sources_.decodings.empty() || !sources_.elites.empty(); }

  /// Goes on with the present round, or begins one, which needs ready(). Ends with the round, the
  /// budget or the token, after at least one epoch. An error means that the device is lost or
  /// lies: this is of no further use.
  Result<DevicePiece> run(const DeviceBudget& budget, const StopToken& stop);

  /// For checkpoints: where the rounds stand, but for the sources. Throws ArchiveError if it does
  /// not fit, or if the device fails.
  void transfer(Archive& archive);

  const PopulationPlan& plan() const { return search_->plan(); }

 private:
  DeviceStatus begin_round();
  DeviceStatus run_epoch(bool timed, DevicePiece& piece);
  DeviceStatus harvest(DevicePiece& piece);
  ChunkOptions options_now() const;
  std::int64_t visits_now(bool timed) const;
  double round_visits() const;

  const Model& model_;
  std::unique_ptr<DeviceSearch> search_;
  DeviceRoundParameters parameters_;
  DeviceSources sources_;
  double connected_ = 0;     ///< variables with neighbours, at least 1
  std::int64_t rounds_ = 0;  ///< begun so far
  bool running_ = false;
  double done_ = 0;               ///< share of the round
  double visits_per_second_ = 0;  ///< of each chain, as last measured; 0: not yet
  std::int64_t counted_ = 0;      ///< all chains' visits since the round began
  TabuShare tabu_;
  float tabu_share_ = 0;      ///< of the present round
  float heat_unit_ = 1;       ///< of the present round
  std::optional<Cost> best_;  ///< of the present round
};

}  // namespace warpshard
