#pragma once

#include "host/portfolio/job_worker.h"
#include "kernels/philox.h"

namespace warpshard {

/// Tabu searches around elites.
class TabuWorker final : public JobWorker {
 public:
  TabuWorker(const TabuParameters& parameters, std::uint64_t seed)
      : parameters_(parameters), seed_(seed), random_(seed, kChoices) {}

  std::string name() const override { return "tabu"; }
  double weight(const Pool& /*pool*/) const override { return parameters_.weight; }

 protected:
  bool may_begin(const Pool& pool) const override;
  std::unique_ptr<Job> begin(const Pool& pool) override;
  void finished(const Job& job, const Pool& pool) override;
  void transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) override;
  void transfer_lessons(SearchArchive& archive) override;

 private:
  /// The random stream of choices, and where those of searches begin, far from those of chains.
  static constexpr std::uint64_t kChoices = std::uint64_t{1} << 34;
  static constexpr std::uint64_t kSearches = std::uint64_t{1} << 32;

  const TabuParameters& parameters_;
  std::uint64_t seed_;
  RandomStream random_;
  std::uint64_t begun_ = 0;
  double growth_ = 1;  ///< of lengths so far
};

}  // namespace warpshard
