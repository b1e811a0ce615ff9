#include "host/device/device_rounds.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

#include "host/device/harvest_check.h"

namespace warpshard {
namespace {

/// Where a round begins, how hot, and how it treats memory.
struct Kind {
  bool fresh = true;      ///< from decodings; otherwise from elites
  float heat = 1;         ///< hottest temperature, in heat units
  float cooling = 100;    ///< hottest / coldest temperature
  float tolerance = 0;    ///< by which usage may exceed capacities at first; gone at half time
  double free_share = 0;  ///< of the round, in which prices stay and alone hold memory back
};

/// A device takes these in turn. A round holds thousands of chains, so few kinds do. Mostly gentle
/// ones: on the CPU the start decided more than the heat, and wide ladders wasted work.
constexpr std::array<Kind, 4> kKinds{{{true, 1.0F, 1000.0F, 0.2F, 0.0},
                                      {false, 0.03F, 100.0F, 0.0F, 0.0},
                                      {true, 0.1F, 1000.0F, 0.0F, 0.3},
                                      {false, 0.3F, 300.0F, 0.0F, 0.0}}};
/// Share of a round in which capacities may be exceeded.
constexpr double kSoftShare = 0.5;
/// Visits per chain of the first epoch, which shows how long others may be.
constexpr std::int64_t kFirstVisits = 64;
constexpr std::int64_t kFewestVisits = 16;

const Kind& kind_of(std::int64_t round) {
  return kKinds[static_cast<std::size_t>(round) % kKinds.size()];
}

float tolerance_at(const Kind& kind, double share) {
  if (share < kind.free_share) return kMostTolerance;
  return share < kSoftShare ? static_cast<float>(kind.tolerance * (1 - share / kSoftShare)) : 0.0F;
}

double seconds_since(StopToken::Time begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::int32_t count_connected(const Model& model) {
  std::vector<bool> connected(static_cast<std::size_t>(model.num_variables()), false);
  for (const auto& edge : model.edges) connected[edge.u] = connected[edge.v] = true;
  return static_cast<std::int32_t>(std::ranges::count(connected, true));
}

}  // namespace

std::optional<Error> DeviceRoundParameters::validate() const {
  if (!(first_visits >= 1) || !(most_visits >= first_visits))
    return Error{
        "a device's rounds have at least 1 visit per variable, the longest no less than "
        "the first"};
  if (!(growth >= 1) || !(ladder >= 1)) return Error{"a device's growth and ladder are at least 1"};
  if (epochs < 1 || harvest < 1) return Error{"a device's epochs and harvest are at least 1"};
  if (!(longest_epoch > 0)) return Error{"a device's epochs take more than no time"};
  return std::nullopt;
}

DeviceRounds::DeviceRounds(const Model& model, std::unique_ptr<DeviceSearch> search,
                           const DeviceRoundParameters& parameters)
    : model_(model),
      search_(std::move(search)),
      parameters_(parameters),
      connected_(std::max(1, count_connected(model))) {}

Result<DevicePiece> DeviceRounds::run(const DeviceBudget& budget, const StopToken& stop) {
  const auto begin = std::chrono::steady_clock::now();
  const bool timed = budget.seconds > 0;
  DevicePiece piece;
  if (!running_)
    if (auto failure = begin_round()) return *failure;
  std::int32_t epochs = 0;
  do {
    if (auto failure = run_epoch(timed, piece)) return *failure;
    ++epochs;
  } while (running_ && !stop.stopped() &&
           (timed ? seconds_since(begin) < budget.seconds : epochs < budget.epochs));
  piece.round_ended = !running_;
  const auto counters = search_->counters();
  if (!counters) return counters.error();
  piece.visits = counters->visits() - counted_;
  counted_ = counters->visits();
  return piece;
}

void DeviceRounds::transfer(Archive& archive) {
  archive(rounds_, running_, done_, visits_per_second_, counted_, tabu_, tabu_share_, heat_unit_,
          best_);
  if (const auto failure = search_->transfer(archive)) throw ArchiveError(failure->message);
}

DeviceStatus DeviceRounds::begin_round() {
  const bool fresh =
      sources_.elites.empty() || (kind_of(rounds_).fresh && !sources_.decodings.empty());
  std::vector<Assignment> starts;
  if (fresh) {
    starts = sources_.decodings;
  } else {
    for (const Elite& elite : sources_.elites) starts.push_back(elite.values);
  }
  const bool own_prices = !fresh && !sources_.elites.front().prices.empty();
  if (auto failure =
          search_->start(starts, own_prices ? sources_.elites.front().prices : sources_.prices))
    return failure;
  // Tabu looks around what was found already.
  tabu_share_ = !fresh && search_->plan().shape.tabu ? tabu_.share() : 0.0F;
  heat_unit_ = sources_.heat_unit;
  best_.reset();
  counted_ = 0;
  done_ = 0;
  running_ = true;
  return std::nullopt;
}

double DeviceRounds::round_visits() const {
  const double grown =
      parameters_.first_visits * std::pow(parameters_.growth, static_cast<double>(rounds_));
  return std::min(grown, parameters_.most_visits) * connected_;
}

std::int64_t DeviceRounds::visits_now(bool timed) const {
  double visits = round_visits() / parameters_.epochs;
  if (timed) {
    if (visits_per_second_ == 0) return kFirstVisits;
    visits = std::min(visits, visits_per_second_ * parameters_.longest_epoch);
  }
  return std::max(kFewestVisits, static_cast<std::int64_t>(visits));
}

ChunkOptions DeviceRounds::options_now() const {
  const Kind& kind = kind_of(rounds_);
  const double hottest = static_cast<double>(kind.heat) * heat_unit_;
  ChunkOptions options;
  options.coldest = static_cast<float>(hottest * std::pow(1.0 / kind.cooling, done_));
  options.hottest = options.coldest * parameters_.ladder;
  options.follow_prices = done_ >= kind.free_share;
  options.tolerance = tolerance_at(kind, done_);
  options.tabu_share = tabu_share_;
  return options;
}

DeviceStatus DeviceRounds::run_epoch(bool timed, DevicePiece& piece) {
  ChunkOptions options = options_now();
  options.visits = visits_now(timed);
  const auto begin = std::chrono::steady_clock::now();
  if (auto failure = search_->run_chunk(options)) return failure;
  if (auto failure = harvest(piece)) return failure;
  const auto visits = static_cast<double>(options.visits);
  visits_per_second_ = visits / std::max(seconds_since(begin), 1e-6);
  done_ += visits / round_visits();
  if (done_ < 1) return std::nullopt;
  running_ = false;
  ++rounds_;
  if (tabu_share_ > 0) tabu_.end_round();
  return std::nullopt;
}

DeviceStatus DeviceRounds::harvest(DevicePiece& piece) {
  auto states = search_->harvest(static_cast<std::size_t>(parameters_.harvest));
  if (!states) return states.error();
  const std::int32_t with_tabu = tabu_islands(tabu_share_, search_->plan().shape);
  for (HarvestedState& harvested : *states) {
    auto state = verified(model_, std::move(harvested.values));
    if (!state) return Error{"its states do not pass the host's check"};
    // The first states come from where the round began.
    if (best_ && state->cost < *best_ && with_tabu > 0) tabu_.gain(harvested.island < with_tabu);
    if (!best_ || state->cost < *best_) best_ = state->cost;
    piece.found.push_back(
        Elite{std::move(state->values), std::move(harvested.prices), state->cost});
  }
  return std::nullopt;
}

}  // namespace warpshard
