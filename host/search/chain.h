#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/device/storage.h"
#include "host/model/archive.h"
#include "host/model/dispatch.h"
#include "host/search/noise_table.h"
#include "kernels/population.h"
#include "kernels/prices.h"

namespace warpshard {

/// One annealing chain on the CPU: a population of one, which owns its state and runs the kernels
/// on it.
///
/// Memory is one-way: a move may raise usage nowhere above max(capacity, usage at the last call of
/// start() or follow_prices()), so violations only shrink.
class Chain {
 public:
  /// `model`'s arrays and `noise` must outlive the chain. The same (seed, number) gives the same
  /// random stream, whatever the instruction set.
  Chain(const ModelView& model, const NoiseTable& noise, std::uint64_t seed, std::uint64_t number,
        InstructionSet instructions = best_instruction_set());
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  std::uint64_t number() const { return number_; }

  /// Takes over a state. `values` is [variables], `prices` [times] cost units per usage quantum.
  void start(std::span<const std::int32_t> values, std::span<const float> prices);

  /// Replaces the prices, as far as ModelView::price_ceiling lets them; the values stay.
  void set_prices(std::span<const float> prices);

  /// Proposes moves at `temperature` (cost units, at most kHottest) until about `visits` variables
  /// were scored. Throws std::invalid_argument if the policy is not valid().
  void run(float temperature, std::int64_t visits);

  /// Scores every variable without neighbours once.
  void sweep_loners(float temperature);

  /// Lets prices answer to the present usage, and usage limits tighten to it.
  void follow_prices(const PriceRule& rule);

  /// Lets usage exceed each capacity by `tolerance` times the capacity, or stay where it is if that
  /// is more, until the next call of this or of follow_prices().
  void limit_memory(float tolerance);

  /// Takes over every difference to `other` ([variables]) that makes the chain cheaper and fits.
  /// Returns the number of components taken.
  std::int32_t absorb(std::span<const std::int32_t> other);

  /// For checkpoints: the state of a chain on a model that is not part of it.
  void transfer(Archive& archive);

  /// Exact cost without the model's constant.
  const CostAccount& account();
  /// True if usage exceeds capacity nowhere.
  bool fits() const { return excess() == 0; }
  std::vector<std::int32_t> values() const;
  std::span<const float> prices() const { return storage_.prices; }
  const MoveCounters& counters() const { return storage_.status.front().counters; }
  MovePolicy& policy() { return population_.policy; }
  const ModelView& model() const { return population_.model; }
  InstructionSet instructions() const { return instructions_; }
  /// The state, its account settled, for kernels that move it, at a temperature (cost units); valid
  /// while the chain lives.
  ChainView view(float temperature);
  /// Least slack that a move may leave, [times] quanta, <= 0; empty if that is 0 everywhere.
  std::span<const std::int32_t> floor() const;
  /// Usage above capacity, summed over time points, in quanta.
  std::int64_t excess() const;
  /// Capacity less usage, [times] quanta.
  std::vector<std::int32_t> slack() const;

 private:
  void price_rows();
  ChainView unsettled_view(float temperature);

  std::uint64_t number_;
  InstructionSet instructions_;
  RandomStream random_;
  MoveSites sites_;
  PopulationStorage<HostSpace> storage_;
  PopulationView population_;  ///< of one chain, in storage_
  bool settled_ = true;        ///< the account is for the present values
};

}  // namespace warpshard
