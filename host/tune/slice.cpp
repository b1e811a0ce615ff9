#include "host/tune/slice.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "host/store/interim_result.h"
#include "warpshard/load.h"

namespace warpshard::tune {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double known_gap(const StoreAnswer& answer) {
  const auto gap = answer.gap();
  return gap ? std::min(*gap, 1.0) : 1.0;
}

/// The search of one slice, which the store is kept abreast of.
class SliceSearch {
 public:
  SliceSearch(const PlanStore& store, const SliceTask& task, const std::atomic<bool>& stop)
      : store_(store), task_(task), stop_(stop) {}

  /// `before`: what the store had.
  void run(const KeyedProblem& instance, const StoreAnswer& before, SliceResult& result) {
    saved_ = Clock::now();
    const SolverOptions searching = options(before);
    facts_ = facts_of(searching, task_.file);
    SolverCallbacks callbacks;
    callbacks.should_stop = [this] { return stop_.load(); };
    callbacks.on_incumbent = [&](const Plan& /*plan*/, const Evaluation& /*evaluation*/) {
      save(instance, result);
    };
    interim_.join(callbacks);
    const SolverResult solved =
        solve_with_store(store_, instance, searching, callbacks, task_.file,
                         [&](const StoreFault& fault) { result.faults.push_back(fault); });
    if (solved.status == SolverStatus::kError || solved.status == SolverStatus::kNoDevice)
      result.error = solved.message;
  }

 private:
  SolverOptions options(const StoreAnswer& before) const {
    SolverOptions options;
    options.start = saved_;
    options.deadline_seconds = task_.most_seconds;
    if (task_.work_limit == 0)
      options.deadline_seconds =
          std::min(options.deadline_seconds, task_.length.seconds(before.seconds));
    options.seed = task_.seed + static_cast<std::uint64_t>(before.attempts);
    options.threads = task_.threads;
    options.device = task_.device;
    options.gap = task_.gap;
    options.work_limit = task_.work_limit;
    options.memory_limit = task_.memory;
    return options;
  }

  /// Writes the plan so far down in the course of the slice, if the last time was long enough ago.
  void save(const KeyedProblem& instance, SliceResult& result) {
    if (seconds_since(saved_) < task_.save_every) return;
    SolverResult sofar = interim_.get();
    sofar.seconds = 0;  // they are counted at the slice's end
    if (auto error = add_interim(store_, instance, facts_, sofar))
      result.faults.push_back({"", error->message});
    saved_ = Clock::now();
  }

  const PlanStore& store_;
  const SliceTask& task_;
  const std::atomic<bool>& stop_;
  AttemptFacts facts_;
  InterimResult interim_;
  Clock::time_point saved_;
};

}  // namespace

SliceResult run_slice(const PlanStore& store, const SliceTask& task,
                      const std::atomic<bool>& stop) {
  const auto start = Clock::now();
  SliceResult result;
  const auto problem = load_problem(task.file, LoadOptions{.memory_limit = task.memory});
  if (!problem) {
    result.error = problem.error().message;
    return result;
  }
  const KeyedProblem instance(*problem);
  result.name = problem->name;
  result.key = instance.keys.exact;
  const StoreAnswer before = store.best(instance);
  const bool open = !before.settled(task.gap);
  if (open) SliceSearch(store, task, stop).run(instance, before, result);
  const StoreAnswer after = open ? store.best(instance) : before;
  if (after.plan) result.cost = after.plan->evaluation.cost;
  if (after.bound) result.bound = after.bound->value;
  result.infeasible = after.infeasible;
  result.settled = after.settled(task.gap);
  result.attempts = after.attempts;
  result.spent = after.seconds;
  result.gap = known_gap(after);
  if (before.gap()) result.gain = std::max(0.0, known_gap(before) - result.gap);
  result.seconds = seconds_since(start);
  return result;
}

}  // namespace warpshard::tune
