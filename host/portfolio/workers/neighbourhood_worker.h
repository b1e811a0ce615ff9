#pragma once

#include <array>
#include <unordered_map>

#include "host/portfolio/job_worker.h"
#include "host/search/neighbourhood.h"
#include "kernels/philox.h"

namespace warpshard {

/// Exact searches around elites, in neighbourhoods that grow as long as they are searched to their
/// end and shrink where they are not.
class NeighbourhoodWorker final : public JobWorker {
 public:
  NeighbourhoodWorker(const NeighbourhoodParameters& parameters, std::uint64_t seed)
      : parameters_(parameters), random_(seed, kChoices) {
    sizes_.fill(parameters.first_size);
  }

  std::string name() const override { return "neighbourhood"; }
  double weight(const Pool& /*pool*/) const override { return parameters_.weight; }

 protected:
  bool may_begin(const Pool& pool) const override;
  std::unique_ptr<Job> begin(const Pool& pool) override;
  void finished(const Job& job, const Pool& pool) override;
  void transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) override;
  void transfer_lessons(SearchArchive& archive) override;

 private:
  /// The random stream of choices, far from those of chains.
  static constexpr std::uint64_t kChoices = std::uint64_t{1} << 37;

  const NeighbourhoodParameters& parameters_;
  RandomStream random_;
  std::array<double, kNeighbourhoodKinds> sizes_{};  ///< variables, by kind
  std::uint64_t begun_ = 0;
  std::unordered_map<const Job*, int> kinds_;  ///< of jobs in the air
};

}  // namespace warpshard
