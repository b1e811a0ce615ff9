#pragma once

#include <memory>

#include "host/bound/dive.h"
#include "host/portfolio/pool.h"
#include "host/search/descent.h"
#include "host/search/job.h"

namespace warpshard {

/// A dive, and then a short cool descent from the best that it found.
class DiveRun final : public Job {
 public:
  struct Polish {
    double visits = 1000;  ///< per connected variable
    double heat = 0.03;    ///< in units of the guide's heat
    double cooling = 1000;
  };

  DiveRun(GuidePointer guide, const DiveOptions& dive, const Polish& polish, std::uint64_t seed,
          std::uint64_t number);
  /// To be read from a checkpoint.
  explicit DiveRun(GuidePointer guide) : DiveRun(std::move(guide), {}, {}, 0, 0) {}

  bool run(Work work, const StopToken& stop) override;
  void transfer(Archive& archive) override;
  const GuidePointer& guide() const { return guide_; }

 private:
  void begin_polish();

  GuidePointer guide_;
  Dive dive_;
  Polish polish_;
  std::uint64_t seed_;
  std::uint64_t number_;
  bool dived_ = false;
  std::unique_ptr<Descent> descent_;
};

}  // namespace warpshard
