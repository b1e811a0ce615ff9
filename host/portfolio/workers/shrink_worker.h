#pragma once

#include "host/portfolio/worker.h"

namespace warpshard {

/// Makes a smaller core of the present one once others have found enough values that no plan
/// cheaper than the incumbent has.
class ShrinkWorker final : public Worker {
 public:
  std::string name() const override { return "shrink"; }
  bool ready(const Pool& pool) const override;
  bool urgent(const Pool& /*pool*/) const override { return true; }
  double weight(const Pool& /*pool*/) const override { return 1; }
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& /*archive*/, Pool& /*pool*/) override {}

 private:
  class Shrinking;

  bool busy_ = false;
};

}  // namespace warpshard
