#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/model/dispatch.h"
#include "host/search/noise_table.h"
#include "kernels/chain_step.h"
#include "kernels/prices.h"

namespace warpshard {

/// One annealing chain on the CPU: owns its state and runs the shared kernels on it.
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

  /// Replaces the prices; the values stay.
  void set_prices(std::span<const float> prices);

  /// Proposes moves at `temperature` (cost units) until about `visits` variables were scored.
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

  /// Exact cost without the model's constant.
  const CostAccount& account() const { return account_; }
  /// True if usage exceeds capacity nowhere.
  bool fits() const;
  std::vector<std::int32_t> values() const { return {values_.begin(), values_.end()}; }
  std::span<const float> prices() const { return prices_; }
  const MoveCounters& counters() const { return counters_; }
  MovePolicy& policy() { return policy_; }
  const ModelView& model() const { return model_; }
  InstructionSet instructions() const { return instructions_; }
  /// The state for kernels that move it, at a temperature (cost units); valid while the chain
  /// lives.
  ChainView view(float temperature);
  /// Least slack that a move may leave, [times] quanta, <= 0; empty if that is 0 everywhere.
  std::span<const std::int32_t> floor() const {
    return has_floor_ ? std::span<const std::int32_t>(floor_) : std::span<const std::int32_t>();
  }
  /// Usage above capacity, summed over time points, in quanta.
  std::int64_t excess() const;
  /// Capacity less usage, [times] quanta.
  std::vector<std::int32_t> slack() const;

 private:
  void reprice();
  void reset_memory(std::span<const std::int32_t> slack, float tolerance = 0);

  ModelView model_;
  NoiseView noise_;
  std::uint64_t number_;
  InstructionSet instructions_;
  RandomStream random_;
  std::vector<std::uint16_t> values_;
  std::vector<float> prices_;        ///< [times]
  std::vector<double> prefix_;       ///< [times + 1]
  std::vector<float> priced_unary_;  ///< [rows]
  std::vector<std::int32_t> headroom_, block_add_, block_least_;
  std::vector<std::int32_t> floor_;  ///< [times] least slack a move may leave, <= 0
  bool has_floor_ = false;           ///< some are below 0
  CostAccount account_;
  MoveCounters counters_;
  std::vector<float> scores_;
  std::vector<std::uint32_t> marks_;
  std::uint32_t next_mark_ = 1;
  std::vector<std::int32_t> tree_;  ///< the int arrays of MoveScratch, one after the other
  std::vector<std::int32_t> roots_, loners_;
  MovePolicy policy_;
};

}  // namespace warpshard
