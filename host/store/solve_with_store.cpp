#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "host/store/plan_store.h"

namespace warpshard {
namespace {

bool is_plan(SolverStatus status) {
  return status == SolverStatus::kOptimal || status == SolverStatus::kGapReached ||
         status == SolverStatus::kFeasible;
}

SolverStatus status_of(const StoreAnswer& answer) {
  if (answer.infeasible) return SolverStatus::kInfeasible;
  return answer.gap() == 0.0 ? SolverStatus::kOptimal : SolverStatus::kGapReached;
}

SolverResult settled_result(StoreAnswer answer, const SolverOptions& options) {
  SolverResult result;
  result.status = status_of(answer);
  result.source = "store";
  if (answer.plan) {
    result.plan = std::move(answer.plan->plan);
    result.evaluation = answer.plan->evaluation;
  }
  if (answer.bound) result.bound = answer.bound->value;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - options.start;
  result.seconds = spent.count();
  return result;
}

/// The options with the best plan of store and caller to start from. A run under a work limit is to
/// depend on nothing but this instance, so no neighbour is asked.
SolverOptions warm_options(const PlanStore& store, const Problem& problem,
                           const StoreAnswer& answer, SolverOptions options) {
  std::optional<StoredPlan> start = answer.plan;
  if (!start && options.initial_plan.empty() && options.work_limit == 0)
    start = store.neighbour(problem);
  if (!start) return options;
  const auto own = evaluate(problem, options.initial_plan);
  if (!own || !own->within_limit || start->evaluation.cost < own->cost)
    options.initial_plan = std::move(start->plan);
  return options;
}

/// Adds the stored bound's say to what the search found.
void join_bound(const StoreAnswer& answer, double gap, SolverResult& result) {
  if (!answer.bound || !is_plan(result.status)) return;
  if (result.bound && *result.bound >= answer.bound->value) return;
  if (answer.bound->value > result.evaluation.cost) return;  // wrong: a plan refutes it
  result.bound = answer.bound->value;
  const auto known = relative_gap(result.evaluation.cost, *result.bound);
  if (known == 0.0)
    result.status = SolverStatus::kOptimal;
  else if (known && *known <= gap)
    result.status = SolverStatus::kGapReached;
}

/// What is new in a result: the plan only where it is cheaper than the stored one.
SolverResult news_of(const StoreAnswer& answer, const SolverResult& result) {
  SolverResult news = result;
  if (answer.plan && result.evaluation.cost >= answer.plan->evaluation.cost) news.plan.clear();
  return news;
}

}  // namespace

SolverResult solve_with_store(const PlanStore& store, const Problem& problem,
                              const SolverOptions& options, const SolverCallbacks& callbacks,
                              const AttemptFacts& facts,
                              const std::function<void(const StoreFault&)>& fault) {
  const auto asked = std::chrono::steady_clock::now();
  const StoreAnswer answer = store.best(problem);
  const std::chrono::duration<double> answered = std::chrono::steady_clock::now() - asked;
  if (fault) std::ranges::for_each(answer.faults, fault);
  if (answer.settled(options.gap)) return settled_result(answer, options);

  std::atomic<bool> good_enough{false};
  std::atomic<bool> interrupted{false};
  SolverCallbacks watching = callbacks;
  watching.on_progress = [&](const Progress& progress) {
    if (callbacks.on_progress) callbacks.on_progress(progress);
    if (!answer.bound || !progress.incumbent || options.work_limit > 0) return;
    const auto gap = relative_gap(*progress.incumbent, answer.bound->value);
    if (gap && *gap <= options.gap) good_enough = true;
  };
  watching.should_stop = [&] {
    if (callbacks.should_stop && callbacks.should_stop()) interrupted = true;
    return good_enough.load() || interrupted.load();
  };
  SolverOptions warm = warm_options(store, problem, answer, options);
  warm.deadline_seconds -= answered.count();  // writing takes about as long as reading
  const auto started = std::chrono::steady_clock::now();
  SolverResult result = solve(problem, warm, watching);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started;
  if (result.status == SolverStatus::kError || result.status == SolverStatus::kNoDevice)
    return result;
  const bool cut_short = options.work_limit > 0 && interrupted.load();
  SolverResult news = news_of(answer, result);
  news.seconds = spent.count();
  const auto error = cut_short ? std::nullopt : store.add(problem, facts, news);
  if (error && fault) fault({"", "nothing was stored: " + error->message});
  join_bound(answer, options.gap, result);
  return result;
}

}  // namespace warpshard
