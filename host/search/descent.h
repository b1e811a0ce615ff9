#pragma once

#include <cstdint>
#include <vector>

#include "host/search/chain.h"
#include "host/search/job.h"

namespace warpshard {

/// Stands for no limit on memory: usage may exceed each capacity by this many times the capacity.
inline constexpr float kFreeTolerance = 4.0F;

/// How a chain goes from hot to cold.
struct DescentPlan {
  float hottest = 1;      ///< cost units
  float coldest = 0.01F;  ///< cost units; the temperature falls geometrically between the two
  std::int64_t visits = 100'000;  ///< of variables, in all
  std::int32_t epochs = 300;      ///< price steps on the way, at most
  /// Share of the descent in which prices stay and memory is left to them alone. While a chain is
  /// hot, entropy fills memory whatever it costs; prices that answered to that would never recover.
  double free_share = 0;
  /// Share of a capacity that usage may exceed it by at first; falls to nothing at `soft_share`.
  float tolerance = 0;
  double soft_share = 0.5;
  /// Goes on for up to so many times its epochs where it has not met memory by its end.
  double overtime = 0;
  double quench_visits = 10;  ///< per connected variable, without temperature at the end
  /// Goes on after that, if memory is met: so many times prices fall by a factor, and what they
  /// were too high for makes the plan cheaper.
  std::int32_t relaxations = 0;
  float relaxation = 0.85F;
  std::int32_t least_log2_tree = 3;  ///< see MovePolicy
  PriceRule rule;
};

/// What is left of the plan's tolerance after a share of the descent.
float tolerance_at(const DescentPlan& plan, double share);

/// Where a search begins.
struct SearchStart {
  Assignment values;          ///< [variables]
  std::vector<float> prices;  ///< [times] cost units per usage quantum
};

/// A descent of one annealing chain: an epoch at constant temperature, then prices answer to the
/// chain's usage, and so on; moves that only make it cheaper come last.
class Descent final : public Job {
 public:
  /// The same (seed, number) gives the same random stream.
  Descent(CorePointer core, const DescentPlan& plan, const SearchStart& start, std::uint64_t seed,
          std::uint64_t number);
  /// To be read from a checkpoint.
  explicit Descent(CorePointer core);

  bool run(Work work, const StopToken& stop) override;
  void transfer(Archive& archive) override;

 private:
  /// True once only moves that make it cheaper are left to do.
  bool cold() const;
  void epoch(const StopToken& stop);
  void settle(const StopToken& stop);
  void relax(const StopToken& stop);
  bool visit(float temperature, std::int64_t visits, const StopToken& stop);

  DescentPlan plan_;
  Chain chain_;
  std::int64_t visits_per_epoch_ = 0;
  std::int32_t epoch_ = 0;
  bool settled_ = false;
  std::vector<float> settled_prices_;  ///< [times] when it had settled
  std::int32_t relaxed_ = 0;
};

}  // namespace warpshard
