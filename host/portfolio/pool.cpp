#include "host/portfolio/pool.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <iterator>

#include "warpshard/solve.h"

namespace warpshard {
std::optional<VerifiedPlan> verified_plan(const Problem& problem, Plan plan) {
  auto evaluation = evaluate(problem, plan);
  if (!evaluation || !evaluation->within_limit) return std::nullopt;
  return VerifiedPlan{std::move(plan), *evaluation};
}

Pool::Pool(const Problem& problem, const Parameters& parameters, bool settle_ties)
    : problem_(problem), parameters_(parameters), settle_ties_(settle_ties) {}

bool Pool::offer(VerifiedPlan plan, const std::string& source) {
  ++num_offers_;
  if (best_) {
    const auto order = plan.evaluation.cost <=> best_->evaluation.cost;
    const bool first_of_equals = std::is_eq(order) && settle_ties_ && plan.plan < best_->plan;
    if (!std::is_lt(order) && !first_of_equals) return false;
  }
  best_ = std::make_shared<const VerifiedPlan>(std::move(plan));
  source_ = source;
  return true;
}

std::optional<Cost> Pool::cost() const {
  if (!best_) return std::nullopt;
  return best_->evaluation.cost;
}

void Pool::raise_bound(const Cost& bound, const std::string& source) {
  if (bound_ && bound <= *bound_) return;
  bound_ = bound;
  bound_source_ = source;
}

std::optional<double> Pool::gap() const {
  if (!best_ || !bound_ || best_->evaluation.cost.forbidden != bound_->forbidden)
    return std::nullopt;
  return std::max(0.0, static_cast<double>(best_->evaluation.cost.finite - bound_->finite));
}

bool Pool::closed(double gap) const {
  if (!best_ || !bound_) return false;
  const auto distance = relative_gap(best_->evaluation.cost, *bound_);
  return distance && *distance <= gap;
}

void Pool::set_core(CorePointer core) {
  const auto old_elites = elites();
  const CorePointer old = std::move(core_);
  core_ = std::move(core);
  ++generation_;
  work_before_core_ = work_;
  guide_.reset();
  removable_.clear();
  uncrossed_.clear();
  make_room_for_elites();
  for (const Elite& elite : old_elites) add_elite(old, elite);
  if (!best_) return;
  const Assignment values = core_->reducer.project(best_->plan);
  if (!values.empty() && fits(core_->model, values))
    add_elite(core_, Elite{values, {}, cost_of(core_->model, values)});
}

void Pool::make_room_for_elites() {
  const auto apart =
      static_cast<std::int32_t>(parameters_.elites.apart * core_->model.num_variables());
  elites_ = std::make_unique<Elites>(static_cast<std::size_t>(parameters_.elites.room),
                                     std::max(1, apart));
}

void Pool::set_guide(GuidePointer guide) {
  if (guide->core == core_) guide_ = std::move(guide);
}

void Pool::add_elite(const CorePointer& core, Elite elite) {
  if (core != core_) {
    const Assignment values = core_->reducer.project(core->reducer.lift(elite.values));
    if (values.empty() || !fits(core_->model, values)) return;
    elite = Elite{values, {}, cost_of(core_->model, values)};
  }
  uncrossed_.push_back(elite);
  if (std::ssize(uncrossed_) > parameters_.elites.uncrossed) uncrossed_.pop_front();
  elites_->add(std::move(elite));
}

Elite Pool::take_uncrossed() {
  Elite elite = std::move(uncrossed_.front());
  uncrossed_.pop_front();
  return elite;
}

void Pool::propose_removal(const CorePointer& core, const ValueList& values) {
  if (core != core_) return;
  ValueList all;
  std::ranges::set_union(removable_, values, std::back_inserter(all));
  removable_ = std::move(all);
}

void Pool::transfer_plan(SearchArchive& archive) {
  Plan plan = best_ ? best_->plan : Plan();
  bool there = best_ != nullptr;
  archive(there, plan, source_, num_offers_);
  if (!archive.reading() || !there) return;
  auto verified = verified_plan(problem_, std::move(plan));
  if (!verified) throw ArchiveError("its plan is not within the limit");
  best_ = std::make_shared<const VerifiedPlan>(*std::move(verified));
}

void Pool::transfer(SearchArchive& archive) {
  transfer_plan(archive);
  archive(bound_, bound_source_, infeasible_, failure_, generation_, removable_, part_bytes_, work_,
          work_before_core_, visits_);
  archive.core(core_);
  archive.guide(guide_);
  archive(uncrossed_);
  std::vector<Elite> kept = elites();
  archive(kept);
  if (!archive.reading() || core_ == nullptr) return;
  make_room_for_elites();
  elites_->restore(std::move(kept));
}

}  // namespace warpshard
