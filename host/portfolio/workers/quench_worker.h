#pragma once

#include <limits>

#include "host/portfolio/job_worker.h"

namespace warpshard {

/// Plans at once: quick descents, first from where memory is used least, then from the decodings of
/// the first prices, as long as these get better.
class QuenchWorker final : public JobWorker {
 public:
  explicit QuenchWorker(std::uint64_t seed) : seed_(seed) {}

  std::string name() const override { return "quench"; }
  bool urgent(const Pool& /*pool*/) const override { return true; }
  double weight(const Pool& /*pool*/) const override { return 1; }

 protected:
  bool may_begin(const Pool& pool) const override;
  std::unique_ptr<Job> begin(const Pool& pool) override;
  /// The one without prices has nothing to give once there are some.
  bool wanted(const Job& job) const override;
  void finished(const Job& job, const Pool& pool) override;
  void transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) override;
  void transfer_lessons(SearchArchive& archive) override;

 private:
  std::uint64_t seed_;
  std::uint64_t begun_ = 0;
  std::uint64_t generation_ = 0;   ///< of the core for which the first one was begun
  const Job* unguided_ = nullptr;  ///< the first one, until it is finished
  GuidePointer last_;              ///< the guide of the latest
};

}  // namespace warpshard
