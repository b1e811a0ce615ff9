#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "host/model/model.h"
#include "host/reduce/reducer.h"
#include "warpshard/cost.h"
#include "warpshard/evaluate.h"
#include "warpshard/problem.h"

namespace warpshard {

/// The best plan so far, the best bound, and the work done, shared by all searchers; every member
/// may be called from any thread. A plan enters only after the independent evaluator has confirmed
/// it.
class IncumbentPool {
 public:
  using Listener = std::function<void(const std::string& note)>;

  /// `problem` must outlive the pool. `listener` is called, one call at a time, after every
  /// improvement, with who brought it. `settle_ties`: of plans that cost the same, the first in
  /// lexicographic order counts as the better one, so that the best of all that are offered does
  /// not depend on their order.
  IncumbentPool(const Problem& problem, Listener listener, bool settle_ties = false);

  /// Offers an assignment of `reducer`'s last model. Returns true if its plan is the new best.
  bool offer(const Reducer& reducer, const Model& model, std::span<const std::int32_t> assignment,
             const std::string& note);

  /// Offers a plan of the original problem.
  bool offer_plan(const Plan& plan, const std::string& note);

  /// Raises the bound: no plan within the limit costs less (certified).
  void raise_bound(const Cost& bound);

  /// Counts visits of variables by searchers.
  void count_visits(std::int64_t visits) { visits_ += visits; }
  std::int64_t visits() const { return visits_; }

  struct Best {
    Plan plan;
    Evaluation evaluation;
  };
  std::optional<Best> best() const;
  std::optional<Cost> cost() const;
  std::optional<Cost> bound() const;
  /// True if there is a plan, and it has no forbidden entries.
  bool has_clean_plan() const;

  /// True once the best plan's relative distance to the bound is at most `gap`.
  bool closed(double gap) const;

 private:
  const Problem& problem_;
  Listener listener_;
  bool settle_ties_;
  std::atomic<std::int64_t> visits_{0};
  mutable std::mutex mutex_;
  std::mutex listener_mutex_;
  std::optional<Best> best_;
  std::optional<Cost> bound_;
};

}  // namespace warpshard
