#pragma once

#include <unordered_map>

#include "host/portfolio/job_worker.h"
#include "host/search/policy_book.h"
#include "kernels/philox.h"

namespace warpshard {

/// Descents, from decodings of the prices and from elites, each a little longer than the one
/// before.
class AnnealWorker final : public JobWorker {
 public:
  AnnealWorker(const AnnealParameters& parameters, std::uint64_t seed)
      : parameters_(parameters), book_(parameters), seed_(seed), random_(seed, kChoices) {}

  std::string name() const override { return "anneal"; }
  double weight(const Pool& /*pool*/) const override { return parameters_.weight; }

 protected:
  bool may_begin(const Pool& pool) const override { return pool.guide() != nullptr; }
  std::unique_ptr<Job> begin(const Pool& pool) override;
  void finished(const Job& job, const Pool& pool) override;
  void transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) override;
  void transfer_lessons(SearchArchive& archive) override;

 private:
  /// The random stream of choices, far from those of chains.
  static constexpr std::uint64_t kChoices = std::uint64_t{1} << 33;

  const AnnealParameters& parameters_;
  PolicyBook book_;
  std::uint64_t seed_;
  RandomStream random_;
  std::uint64_t begun_ = 0;
  double growth_ = 1;                                     ///< of lengths so far
  std::unordered_map<const Job*, std::size_t> policies_;  ///< of jobs in the air
};

/// Of the elites the better one of two at random: the best are favoured, the others are not
/// forgotten. `elites` holds one at least, cheapest first.
const Elite& favoured(const std::vector<Elite>& elites, RandomStream& random);

}  // namespace warpshard
