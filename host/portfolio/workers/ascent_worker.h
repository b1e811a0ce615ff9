#pragma once

#include <memory>

#include "host/bound/dual_ascent.h"
#include "host/portfolio/worker.h"

namespace warpshard {

/// Raises prices and passes messages on the core, and tells the others where they lead: decodings
/// to start from, prices for memory, a bound, values that no good plan has. Looks are far between
/// once the bound is flat.
class AscentWorker final : public Worker {
 public:
  explicit AscentWorker(std::uint64_t seed) : seed_(seed) {}

  std::string name() const override { return "ascent"; }
  bool ready(const Pool& pool) const override;
  /// Nothing else has much to go by before prices have come some way.
  bool urgent(const Pool& pool) const override {
    return pool.guide() == nullptr || pool.guide()->rounds < pool.parameters().ascent.lead_rounds;
  }
  double weight(const Pool& pool) const override;
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& archive, Pool& pool) override;

 private:
  class Stretch;

  void begin(const Pool& pool, CorePointer core);

  std::uint64_t seed_;
  CorePointer core_;
  std::unique_ptr<DualAscent> ascent_;
  std::int64_t next_look_ = 0;  ///< after so many rounds
  double last_bound_ = 0;       ///< at the last look
  double last_gap_ = 0;         ///< when removable values were looked for
  bool flat_ = false;
  bool closed_ = false;  ///< no assignment fits, or the bound meets the incumbent
  bool busy_ = false;
};

}  // namespace warpshard
