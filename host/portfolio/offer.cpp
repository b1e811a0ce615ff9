#include "host/portfolio/offer.h"

#include <utility>

namespace warpshard {

bool Offer::wants(const Cost& cost) const {
  const auto beats = [&](const Cost& other) {
    return cost < other || (settle_ties_ && cost == other);
  };
  return (!incumbent_ || beats(*incumbent_)) && (!best_ || beats(best_->evaluation.cost));
}

Work Offer::work_of_look() const {
  constexpr Work kWorkPerNode = 60;
  return kWorkPerNode * problem_->num_nodes();
}

bool Offer::consider(const Core& core, const Assignment& values, const Cost& cost) {
  if (!wants(cost)) return false;
  consider(core.reducer.lift(values));
  return true;
}

void Offer::consider(Plan plan) {
  auto verified = verified_plan(*problem_, std::move(plan));
  if (!verified || !wants(verified->evaluation.cost)) return;
  const bool later =
      best_ && verified->evaluation.cost == best_->evaluation.cost && best_->plan <= verified->plan;
  if (!later) best_ = std::move(verified);
}

bool Offer::hand_over(Pool& pool, const std::string& source) {
  if (!best_) return false;
  const bool improved = pool.offer(*std::move(best_), source);
  best_.reset();
  return improved;
}

}  // namespace warpshard
