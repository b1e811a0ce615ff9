#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "host/bound/branch_and_bound.h"
#include "host/bound/partial_ascent.h"
#include "host/portfolio/pool.h"
#include "host/search/job.h"
#include "kernels/philox.h"

namespace warpshard {

/// How the variables of a neighbourhood are chosen.
enum class NeighbourhoodKind {
  kBall,          ///< nearest to a random variable in the graph
  kMoment,        ///< users of memory at a random moment that is nearly full
  kDisagreement,  ///< where two elites differ, and around
};

inline constexpr int kNeighbourhoodKinds = 3;

/// About `size` connected variables of a model. `base` and `other` are assignments, [variables];
/// `other` matters for disagreement alone, `nearly_full` (a share of the capacity) for moments.
std::vector<std::int32_t> choose_neighbourhood(NeighbourhoodKind kind, const Model& model,
                                               const FlatModel& flat, const Assignment& base,
                                               const Assignment& other, std::int32_t size,
                                               double nearly_full, RandomStream& random);

/// How long an exact search may take.
struct NeighbourhoodLimits {
  std::int64_t nodes = 60;         ///< of the tree
  std::int64_t first_rounds = 60;  ///< of ascent before it begins
  std::int64_t rounds = 60;        ///< of ascent at a node
};

/// Searches all assignments that differ from a given one in a few variables alone, by branch and
/// bound with a limit on its nodes. What it finds is the best there, unless the limit ended it.
class NeighbourhoodRun final : public Job {
 public:
  /// `base` is of the guide's core and fits.
  NeighbourhoodRun(GuidePointer guide, const Assignment& base,
                   const std::vector<std::int32_t>& free, const NeighbourhoodLimits& limits);
  /// To be read from a checkpoint.
  explicit NeighbourhoodRun(GuidePointer guide);
  ~NeighbourhoodRun() override;

  bool run(Work work, const StopToken& stop) override;
  void transfer(Archive& archive) override;
  const GuidePointer& guide() const { return guide_; }

  /// Nothing cheaper is left in the neighbourhood.
  bool exhausted() const { return exhausted_; }

 private:
  bool restrict_to_free(const StopToken& stop);
  void begin_tree();
  bool begin(const StopToken& stop);

  GuidePointer guide_;
  Assignment base_;
  Cost base_cost_;
  ValueSet removed_;
  NeighbourhoodLimits limits_;
  std::unique_ptr<PartialAscent> partial_;
  std::unique_ptr<BranchAndBound> tree_;
  bool exhausted_ = false;
};

}  // namespace warpshard
