#pragma once

#include <optional>
#include <string>

#include "host/portfolio/pool.h"

namespace warpshard {

/// What a task found, verified where it runs, so that nobody waits for that.
class Offer {
 public:
  /// Takes note of what the incumbent costs when the task is made.
  explicit Offer(const Pool& pool)
      : problem_(&pool.problem()), incumbent_(pool.cost()), settle_ties_(pool.settles_ties()) {}

  /// Lifts and evaluates an assignment that fits, if it could be the best; any thread. True if it
  /// could.
  bool consider(const Core& core, const Assignment& values, const Cost& cost);
  /// A plan of the problem itself.
  void consider(Plan plan);

  /// About what it takes to lift and evaluate an assignment.
  Work work_of_look() const;
  /// True if there is no plan without forbidden entries yet.
  bool lacks_plan() const { return !incumbent_ || incumbent_->forbidden > 0; }

  /// Offers the best plan considered since the last time; true if it is the new incumbent.
  bool hand_over(Pool& pool, const std::string& source);

 private:
  /// True if a plan of this cost could be the best.
  bool wants(const Cost& cost) const;

  const Problem* problem_;
  std::optional<Cost> incumbent_;
  bool settle_ties_;
  std::optional<VerifiedPlan> best_;
};

}  // namespace warpshard
