#include "host/portfolio/incumbent.h"

#include <compare>
#include <utility>

#include "warpshard/solve.h"

namespace warpshard {

IncumbentPool::IncumbentPool(const Problem& problem, Listener listener, bool settle_ties)
    : problem_(problem), listener_(std::move(listener)), settle_ties_(settle_ties) {}

bool IncumbentPool::offer(const Reducer& reducer, const Model& model,
                          std::span<const std::int32_t> assignment, const std::string& note) {
  if (const auto present = cost()) {
    const Cost offered = cost_of(model, assignment);
    if (offered > *present || (offered == *present && !settle_ties_)) return false;
  }
  if (!fits(model, assignment)) return false;
  return offer_plan(reducer.lift(assignment), note);
}

bool IncumbentPool::offer_plan(const Plan& plan, const std::string& note) {
  auto evaluation = evaluate(problem_, plan);
  if (!evaluation || !evaluation->within_limit) return false;
  {
    const std::lock_guard lock(mutex_);
    if (best_) {
      const auto order = evaluation->cost <=> best_->evaluation.cost;
      const bool first_of_equals = std::is_eq(order) && settle_ties_ && plan < best_->plan;
      if (!std::is_lt(order) && !first_of_equals) return false;
    }
    best_ = Best{plan, *evaluation};
  }
  const std::lock_guard lock(listener_mutex_);
  if (listener_) listener_(note);
  return true;
}

void IncumbentPool::raise_bound(const Cost& bound) {
  {
    const std::lock_guard lock(mutex_);
    if (bound_ && bound <= *bound_) return;
    bound_ = bound;
  }
  const std::lock_guard lock(listener_mutex_);
  if (listener_) listener_("bound");
}

std::optional<IncumbentPool::Best> IncumbentPool::best() const {
  const std::lock_guard lock(mutex_);
  return best_;
}

std::optional<Cost> IncumbentPool::cost() const {
  const std::lock_guard lock(mutex_);
  if (!best_) return std::nullopt;
  return best_->evaluation.cost;
}

std::optional<Cost> IncumbentPool::bound() const {
  const std::lock_guard lock(mutex_);
  return bound_;
}

bool IncumbentPool::has_clean_plan() const {
  const auto present = cost();
  return present && present->forbidden == 0;
}

bool IncumbentPool::closed(double gap) const {
  const std::lock_guard lock(mutex_);
  if (!best_ || !bound_) return false;
  const auto distance = relative_gap(best_->evaluation.cost, *bound_);
  return distance && *distance <= gap;
}

}  // namespace warpshard
