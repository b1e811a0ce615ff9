#include "host/store/answer.h"

#include <algorithm>
#include <utility>

namespace warpshard::store {
namespace {

constexpr const char* kNotWhatItSays = "its plan is not what it says: ";

Result<StoredPlan> read_plan(const Problem& problem, const ReadRecord& read) {
  auto strategies = RecordFolder::strategies(read);
  if (!strategies) return strategies.error();
  auto plan = verified(problem, std::move(*strategies), read.record.source, read.record.version);
  if (!plan) return Error{std::string(kNotWhatItSays) + "no plan within the limit"};
  if (plan->evaluation.cost != read.record.plan->cost)
    return Error{std::string(kNotWhatItSays) + "it costs " +
                 to_string(plan->evaluation.cost.total())};
  return *plan;
}

std::optional<StoredPlan> best_plan(const Problem& problem, std::vector<const ReadRecord*> reads,
                                    std::vector<StoreFault>& faults) {
  std::ranges::stable_sort(reads, {},
                           [](const ReadRecord* read) { return read->record.plan->cost; });
  std::optional<StoredPlan> best;
  for (const ReadRecord* read : reads) {
    if (best && best->evaluation.cost < read->record.plan->cost) break;
    auto plan = read_plan(problem, *read);
    if (!plan)
      faults.push_back({read->path, plan.error().message});
    else if (!best || plan->plan < best->plan)
      best = std::move(*plan);
  }
  return best;
}

/// A bound above a plan's cost is wrong, since the plan was verified and the bound was not.
std::optional<StoredBound> best_bound(const std::optional<StoredPlan>& plan,
                                      const std::vector<const ReadRecord*>& reads,
                                      std::vector<StoreFault>& faults) {
  std::optional<StoredBound> best;
  for (const ReadRecord* read : reads) {
    const Record::Bound& bound = *read->record.bound;
    if (plan && bound.value > plan->evaluation.cost) {
      faults.push_back({read->path, "its bound is above what a verified plan costs"});
      continue;
    }
    const bool proved = bound.proof.has_value();
    if (!best || bound.value > best->value ||
        (bound.value == best->value && proved && !best->has_proof))
      best = StoredBound{bound.value, proved, read->record.version};
  }
  return best;
}

}  // namespace

std::optional<StoredPlan> verified(const Problem& problem, Plan plan, const std::string& source,
                                   const std::string& version) {
  const auto evaluation = evaluate(problem, plan);
  if (!evaluation || !evaluation->within_limit) return std::nullopt;
  return StoredPlan{std::move(plan), *evaluation, source, version};
}

StoreAnswer answer_from(const Problem& problem, std::vector<ReadRecord> records,
                        std::vector<StoreFault> faults) {
  StoreAnswer answer;
  answer.faults = std::move(faults);
  std::vector<const ReadRecord*> plans;
  std::vector<const ReadRecord*> bounds;
  std::vector<const ReadRecord*> infeasible;
  for (const ReadRecord& read : records) {
    ++answer.attempts;
    answer.seconds += read.record.seconds;
    if (read.record.plan) plans.push_back(&read);
    if (read.record.bound) bounds.push_back(&read);
    if (read.record.status == to_string(SolverStatus::kInfeasible)) infeasible.push_back(&read);
  }
  answer.plan = best_plan(problem, std::move(plans), answer.faults);
  answer.bound = best_bound(answer.plan, bounds, answer.faults);
  for (const ReadRecord* read : infeasible) {
    answer.infeasible |= !answer.plan;
    if (answer.plan)
      answer.faults.push_back({read->path, "says that no plan is within the limit; one is"});
  }
  return answer;
}

}  // namespace warpshard::store

namespace warpshard {

std::optional<double> StoreAnswer::gap() const {
  if (!plan || !bound) return std::nullopt;
  return relative_gap(plan->evaluation.cost, bound->value);
}

bool StoreAnswer::settled(double wanted) const {
  const auto known = gap();
  return infeasible || (known && *known <= wanted);
}

}  // namespace warpshard
