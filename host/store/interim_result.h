#pragma once

#include <mutex>
#include <optional>

#include "warpshard/cost.h"
#include "warpshard/plan_store.h"
#include "warpshard/solve.h"

namespace warpshard {

/// What a search has found so far, for whoever cannot wait until it returns. Any thread.
class InterimResult {
 public:
  /// Listens to a search, before those who listen already; must outlive it.
  void join(SolverCallbacks& callbacks);

  /// What a search has returned, if that is a plan: one that the store knew was never told of.
  void set(const SolverResult& returned);

  /// Best plan and bound so far; of status kNoPlan while there is no plan.
  SolverResult get() const;

 private:
  mutable std::mutex mutex_;
  SolverResult result_;
};

/// Adds what a search has so far, where the store does not know a plan as cheap: for a search that
/// may be lost. Nothing is added without a plan, and nothing under a work limit, where to do it
/// again is to get the same. What went wrong, if anything did.
std::optional<Error> add_interim(const PlanStore& store, const KeyedProblem& instance,
                                 const AttemptFacts& facts, const SolverResult& result);

}  // namespace warpshard
