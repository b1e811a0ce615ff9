#pragma once

#include <cstdint>

#include "host/search/chain.h"
#include "host/search/descent.h"
#include "host/search/job.h"
#include "host/search/tabu.h"

namespace warpshard {

/// How long a tabu search goes on.
struct TabuPlan {
  std::int64_t visits = 100'000;  ///< of variables, in all
  std::int32_t epochs = 300;      ///< price steps on the way, at most
  std::int64_t patience = 10;     ///< epochs without a cheaper state, then back to the best one
  PriceRule rule;
};

/// A tabu search on a chain of its own: steps, then prices answer to the chain's usage, and so on.
/// Goes back to the best state now and then.
class TabuRun final : public Job {
 public:
  TabuRun(CorePointer core, const TabuPlan& plan, const SearchStart& start, std::uint64_t seed,
          std::uint64_t number);
  /// To be read from a checkpoint.
  explicit TabuRun(CorePointer core);

  bool run(Work work, const StopToken& stop) override;
  void transfer(Archive& archive) override;

 private:
  void epoch(const StopToken& stop);

  TabuPlan plan_;
  Chain chain_;
  Tabu tabu_;
  std::int64_t visits_per_epoch_ = 0;
  std::int32_t epoch_ = 0;
  std::int32_t idle_ = 0;  ///< epochs since the best state
};

}  // namespace warpshard
