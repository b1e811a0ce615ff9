#include "host/store/interim_result.h"

#include <utility>

namespace warpshard {

void InterimResult::join(SolverCallbacks& callbacks) {
  callbacks.on_incumbent = [this, next = std::move(callbacks.on_incumbent)](
                               const Plan& plan, const Evaluation& evaluation) {
    {
      const std::lock_guard lock(mutex_);
      result_.status = SolverStatus::kFeasible;
      result_.plan = plan;
      result_.evaluation = evaluation;
      result_.source = "interim";
    }
    if (next) next(plan, evaluation);
  };
  callbacks.on_progress = [this,
                           next = std::move(callbacks.on_progress)](const Progress& progress) {
    {
      const std::lock_guard lock(mutex_);
      result_.bound = progress.bound;
      result_.seconds = progress.seconds;
      result_.visits = progress.visits;
    }
    if (next) next(progress);
  };
}

void InterimResult::set(const SolverResult& returned) {
  if (returned.plan.empty()) return;
  const std::lock_guard lock(mutex_);
  result_ = returned;
}

SolverResult InterimResult::get() const {
  const std::lock_guard lock(mutex_);
  return result_;
}

std::optional<Error> add_interim(const PlanStore& store, const KeyedProblem& instance,
                                 const AttemptFacts& facts, const SolverResult& result) {
  if (result.plan.empty() || facts.work_limit > 0) return std::nullopt;
  const StoreAnswer known = store.best(instance);
  if (known.plan && known.plan->evaluation.cost <= result.evaluation.cost) return std::nullopt;
  return store.add(instance, facts, result);
}

}  // namespace warpshard
