#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "warpshard/plan_store.h"

namespace warpshard {
namespace {

using Clock = std::chrono::steady_clock;

/// Shares of a run: kept for writing at most, and spent on the search for a neighbour at most.
constexpr double kMostForWriting = 0.25;
constexpr double kMostForNeighbour = 0.25;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool is_plan(SolverStatus status) {
  return status == SolverStatus::kOptimal || status == SolverStatus::kGapReached ||
         status == SolverStatus::kFeasible;
}

SolverStatus status_of(const StoreAnswer& answer, double gap) {
  if (answer.infeasible) return SolverStatus::kInfeasible;
  if (!answer.plan) return SolverStatus::kNoPlan;
  const auto known = answer.gap();
  if (known == 0.0) return SolverStatus::kOptimal;
  return known && *known <= gap ? SolverStatus::kGapReached : SolverStatus::kFeasible;
}

Clock::duration share_of(const SolverOptions& options, double share) {
  constexpr double kLongest = 1e6;  // seconds; a clock cannot tell any number of them
  return std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(share * std::clamp(options.deadline_seconds, 0.0, kLongest)));
}

/// The options with the best plan of store and caller to start from. A run under a work limit is to
/// depend on nothing but this instance, so no neighbour is asked.
SolverOptions warm_options(const PlanStore& store, const KeyedProblem& instance,
                           const StoreAnswer& answer, SolverOptions options) {
  std::optional<StoredPlan> start = answer.plan;
  if (!start && options.initial_plan.empty() && options.work_limit == 0)
    start = store.neighbour(instance, Clock::now() + share_of(options, kMostForNeighbour));
  if (!start) return options;
  const auto own = evaluate(instance.problem, options.initial_plan);
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

AttemptFacts facts_of(const SolverOptions& options, std::string file) {
  AttemptFacts facts;
  facts.file = std::move(file);
  facts.seed = options.seed;
  facts.work_limit = options.work_limit;
  return facts;
}

SolverResult stored_result(StoreAnswer answer, double gap) {
  SolverResult result;
  result.status = status_of(answer, gap);
  result.source = "store";
  if (answer.plan) {
    result.plan = std::move(answer.plan->plan);
    result.evaluation = answer.plan->evaluation;
  }
  if (answer.bound) result.bound = answer.bound->value;
  return result;
}

SolverResult solve_with_store(const PlanStore& store, const KeyedProblem& instance,
                              const SolverOptions& options, const SolverCallbacks& callbacks,
                              const std::string& file,
                              const std::function<void(const StoreFault&)>& fault) {
  const auto asked = Clock::now();
  const StoreAnswer answer = store.best(instance);
  if (fault) std::ranges::for_each(answer.faults, fault);
  if (answer.settled(options.gap)) {
    SolverResult settled = stored_result(answer, options.gap);
    settled.seconds = seconds_since(options.start);
    return settled;
  }

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
  SolverOptions warm = warm_options(store, instance, answer, options);
  // Writing takes about as long as reading.
  warm.deadline_seconds -= std::min(seconds_since(asked), kMostForWriting * warm.deadline_seconds);
  SolverResult result = solve(instance.problem, warm, watching);
  const double spent = seconds_since(asked);
  if (result.status == SolverStatus::kError || result.status == SolverStatus::kNoDevice)
    return result;
  const bool cut_short = options.work_limit > 0 && interrupted.load();
  SolverResult news = news_of(answer, result);
  news.seconds = spent;
  const auto error = cut_short ? std::nullopt : store.add(instance, facts_of(options, file), news);
  if (error && fault) fault({"", "nothing was stored: " + error->message});
  join_bound(answer, options.gap, result);
  return result;
}

}  // namespace warpshard
