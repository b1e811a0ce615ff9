#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "host/bound/dual_ascent.h"
#include "host/portfolio/worker.h"
#include "warpshard/solve.h"

namespace warpshard {

/// Raises prices and passes messages on the core, and tells the others where they lead: decodings
/// to start from, prices for memory, a bound, values that no good plan has. Looks are far between
/// once the bound is flat.
class AscentWorker final : public Worker {
 public:
  /// `prices`: where the first ascent begins.
  explicit AscentWorker(std::uint64_t seed, std::vector<TimePrice> prices = {})
      : seed_(seed), prices_(std::move(prices)) {}

  std::string name() const override { return "ascent"; }
  bool ready(const Pool& pool) const override;
  /// Nothing else has much to go by before prices have come some way.
  bool urgent(const Pool& pool) const override {
    const GuidePointer& guide = pool.guide();
    return guide == nullptr || guide->rounds < lead_rounds(pool.parameters().ascent, *guide->core);
  }
  double weight(const Pool& pool) const override;
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& archive, Pool& pool) override;

 private:
  class Stretch;
  class Proof;

  void begin(const Pool& pool, CorePointer core);
  /// Makes the ascent, within a task: that takes a while on large models. None when stopped.
  void start(const StopToken& stop);
  double gap(const Pool& pool) const;
  bool gap_has_shrunk(const Pool& pool) const;
  /// Of the ascent and of those that it goes on from.
  std::int64_t rounds() const;

  std::uint64_t seed_;
  std::vector<TimePrice> prices_;  ///< where the next ascent begins
  CorePointer core_;
  std::unique_ptr<DualAscent> ascent_;  ///< on core_, once it has been started
  CorePointer last_core_;               ///< of the ascent that it goes on from; null: none
  std::unique_ptr<DualAscent> last_ascent_;
  double first_level_ = 0;      ///< that it starts at
  std::int64_t next_look_ = 0;  ///< after so many rounds
  double last_bound_ = 0;       ///< at the last look
  double last_gap_ = 0;         ///< when removable values were looked for
  bool flat_ = false;
  bool owes_proof_ = false;  ///< of what the latest look has shown
  bool closed_ = false;      ///< no assignment fits, or the bound meets the incumbent
  bool busy_ = false;
};

}  // namespace warpshard
