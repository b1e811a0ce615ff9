#pragma once

#include "host/portfolio/worker.h"

namespace warpshard {

/// Crosses what a search ended in with all elites: where they differ, the differing variables fall
/// into connected components, and each that is cheaper in the other is taken over.
class CrossWorker final : public Worker {
 public:
  explicit CrossWorker(std::uint64_t seed) : seed_(seed) {}

  std::string name() const override { return "cross"; }
  bool ready(const Pool& pool) const override { return !busy_ && pool.has_uncrossed(); }
  bool urgent(const Pool& /*pool*/) const override { return true; }
  double weight(const Pool& /*pool*/) const override { return 1; }
  std::unique_ptr<Task> task(Pool& pool, Work work) override;
  void transfer(SearchArchive& /*archive*/, Pool& /*pool*/) override {}

 private:
  class Crossing;

  std::uint64_t seed_;
  bool busy_ = false;
};

}  // namespace warpshard
