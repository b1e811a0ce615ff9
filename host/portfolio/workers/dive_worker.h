#pragma once

#include <optional>

#include "host/bound/dive.h"
#include "host/portfolio/job_worker.h"
#include "kernels/philox.h"

namespace warpshard {

/// Dives along the guide's prices, each cooled to the bottom of its basin. Dives differ by a
/// percent for no reason that shows beforehand, so many quick ones are worth more than one of great
/// care: they go from hasty to careful and back, with noise after the first of each kind. What one
/// finds hangs on its prices most: while these still rise, only a few begin from the same. The
/// longer none gets cheaper, the less weight they have.
class DiveWorker final : public JobWorker {
 public:
  DiveWorker(const DiveParameters& parameters, std::uint64_t seed)
      : parameters_(parameters), seed_(seed), random_(seed, kChoices) {}

  std::string name() const override { return "dive"; }
  double weight(const Pool& pool) const override;

 protected:
  bool may_begin(const Pool& pool) const override;
  std::unique_ptr<Job> begin(const Pool& pool) override;
  void finished(const Job& job, const Pool& pool) override;
  void transfer_job(SearchArchive& archive, std::unique_ptr<Job>& job) override;
  void transfer_lessons(SearchArchive& archive) override;

 private:
  /// The random streams of choices and of polishing, far from those of chains.
  static constexpr std::uint64_t kChoices = std::uint64_t{1} << 35;
  static constexpr std::uint64_t kPolishing = std::uint64_t{1} << 36;

  DiveOptions options(std::uint64_t number) const;
  bool renewed(const Guide& guide) const;

  const DiveParameters& parameters_;
  std::uint64_t seed_;
  RandomStream random_;
  std::uint64_t begun_ = 0;
  std::int64_t finished_ = 0;
  std::int64_t last_rounds_ = 0;  ///< of the ascent when prices were last taken as new
  std::int32_t from_these_ = 0;   ///< begun since
  double polish_growth_ = 1;
  std::int64_t barren_ = 0;   ///< finished since one was cheaper than all before
  std::optional<Cost> best_;  ///< of all dives
};

}  // namespace warpshard
