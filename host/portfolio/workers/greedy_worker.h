#pragma once

#include "host/portfolio/worker.h"

namespace warpshard {

/// A plan for want of time, on the instance as it is: while reductions run, or where there is not
/// even time for those.
class GreedyWorker final : public Worker {
 public:
  std::string name() const override { return "greedy"; }
  bool ready(const Pool& pool) const override { return !begun_ && pool.best() == nullptr; }
  bool urgent(const Pool& /*pool*/) const override { return true; }
  double weight(const Pool& /*pool*/) const override { return 1; }
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& archive, Pool& /*pool*/) override { archive(begun_); }

 private:
  bool begun_ = false;
};

}  // namespace warpshard
