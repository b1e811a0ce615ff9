#include "warpshard/solve.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "host/device/device_choice.h"
#include "host/plan/hint.h"
#include "host/plan/infeasibility.h"
#include "host/plan/repair.h"
#include "host/portfolio/clock.h"
#include "host/portfolio/core.h"
#include "host/portfolio/incumbent.h"
#include "host/portfolio/limits.h"
#include "host/portfolio/memory_needs.h"
#include "host/portfolio/search_run.h"
#include "host/reduce/reducer.h"

namespace warpshard {
namespace {

/// Kept back from the deadline, for lifting and printing the last plan.
constexpr double kReserve = 0.2;
/// If no plan without forbidden entries was found in this share of the time, plans with some are
/// better than none.
constexpr double kStrictShare = 0.4;

/// Part of the time for a plan before anything else.
constexpr double kGreedyShare = 0.05;

/// Part of the time for completing a hint.
constexpr double kHintShare = 0.1;

class Solver {
 public:
  Solver(const Problem& problem, const SolverOptions& options, const std::atomic<bool>& stop,
         const SolverCallbacks& callbacks)
      : problem_(problem),
        options_(options),
        callbacks_(callbacks),
        clock_(options.start, end_of(options), options.work_limit, stop),
        pool_(
            problem, [this](const std::string& note) { report(note); },
            /*settle_ties=*/!clock_.timed()) {}

  SolverResult solve() {
    if (const auto refusal = refuse_search(problem_))
      return failure(SolverStatus::kError, refusal->message);
    const auto choice = parse_device_choice(options_.device);
    if (!choice) return failure(SolverStatus::kNoDevice, choice.error().message);
    const auto devices = choose_devices(*choice, cuda_devices());
    if (!devices) return failure(SolverStatus::kNoDevice, devices.error().message);
    gpus_ = devices->gpus;
    report("device: " + devices->reason);
    if (!options_.initial_plan.empty()) pool_.offer_plan(options_.initial_plan, "initial plan");
    if (!options_.hint.empty()) follow_hint();
    const std::vector<Plan> starts = best_plans();
    if (starts.empty()) offer_greedy_plan();
    if (clock_.stopped()) return conclude();

    auto verdict = run_mode(/*allow_forbidden=*/false, kStrictShare, starts);
    if (!verdict) return failure(SolverStatus::kError, verdict.error().message);
    if (*verdict == ReductionVerdict::kInfeasible) return infeasible();
    if (!pool_.has_clean_plan() && !clock_.stopped() && (!clock_.expired() || !clock_.timed())) {
      report("no plan without forbidden entries so far; plans with some are allowed now");
      verdict = run_mode(/*allow_forbidden=*/true, 1.0, best_plans());
      if (!verdict) return failure(SolverStatus::kError, verdict.error().message);
      if (*verdict == ReductionVerdict::kInfeasible) return infeasible();
    }
    return conclude();
  }

 private:
  static SearchClock::Time end_of(const SolverOptions& options) {
    return SearchClock::after(options.deadline_seconds - kReserve, options.start);
  }

  /// The best plan so far, if there is one.
  std::vector<Plan> best_plans() const {
    const auto best = pool_.best();
    if (!best) return {};
    return {best->plan};
  }

  /// Before anything that takes longer, in case that nothing does end in time.
  void offer_greedy_plan() {
    // Where work is counted, nothing may depend on time.
    const auto deadline = clock_.timed() ? SearchClock::after(kGreedyShare * clock_.seconds_left())
                                         : SearchClock::Time::max();
    const RepairedPlan greedy = greedy_plan(problem_, StopToken(deadline));
    if (greedy.within_limit) pool_.offer_plan(greedy.plan, "greedy");
  }

  /// Reduces and searches, from `starts` among others. With a `share` below one, gives up after
  /// that share of the time if nothing was found, and goes on to the end otherwise.
  Result<ReductionVerdict> run_mode(bool allow_forbidden, double share,
                                    const std::vector<Plan>& starts) {
    MemoryLimit memory{options_.memory_limit, options_.memory_in_use};
    if (auto refusal = refuse_memory(memory, memory_to_reduce(problem_), "reducing the instance"))
      return *refusal;
    ReducerOptions options;
    options.allow_forbidden = allow_forbidden;
    auto reducer = Reducer::create(problem_, options);
    if (!reducer) return reducer.error();
    const auto verdict = reducer->run();
    if (verdict != ReductionVerdict::kOpen) return verdict;
    Model model = reducer->model();
    SearchRunOptions run_options;
    if (auto refusal = divide_memory(model, run_options)) return *std::move(refusal);
    const auto core = std::make_shared<const Core>(std::move(*reducer), std::move(model));
    report("reduced to " + std::to_string(core->model.num_variables()) + " variables, " +
           std::to_string(core->model.edges.size()) + " edges, " +
           std::to_string(core->model.num_times()) + " time points");

    run_options.seed = options_.seed;
    run_options.gpus = gpus_;
    run_options.starts = starts;
    run_options.log = [this](const std::string& line) { report(line); };
    run_options.allow_forbidden = allow_forbidden;
    run_options.trial_share = share;
    SearchRun(core, pool_, clock_, std::move(run_options)).run(clock_.seconds_left());
    return verdict;
  }

  /// Completes the hint to a plan: the best that keeps to it, else one near it.
  void follow_hint() {
    const HintedProblem hinted(problem_, options_.hint);
    SolverOptions options = options_;
    options.device = "cpu";
    options.hint.clear();
    options.initial_plan.clear();
    options.target.reset();
    options.deadline_seconds = clock_.seconds() + kHintShare * clock_.seconds_left() + kReserve;
    const SolverCallbacks nobody;
    const SolverResult result =
        Solver(hinted.problem(), options, clock_.stop_flag(), nobody).solve();
    if (!result.plan.empty() && result.evaluation.cost.forbidden == 0) {
      pool_.offer_plan(hinted.lift(result.plan), "hint");
      return;
    }
    report("the hint cannot be kept to; going on from near it");
    const RepairedPlan repaired = repair_plan(problem_, fill_in(problem_, options_.hint));
    if (repaired.within_limit) pool_.offer_plan(repaired.plan, "hint, repaired");
  }

  /// Sets as many of the threads asked for as there is memory for, and what a proof may take.
  std::optional<Error> divide_memory(const Model& model, SearchRunOptions& run) {
    const int asked = options_.threads > 0
                          ? options_.threads
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const MemoryLimit memory{options_.memory_limit,
                             options_.memory_in_use + memory_after_reducing(problem_)};
    const SearchMemory needs = memory_to_search(model, gpus_.size());
    run.threads = threads_that_fit(memory, needs, asked);
    if (run.threads == 0) return refuse_memory(memory, needs.total(1), "searching the instance");
    if (run.threads < asked)
      report("memory for " + std::to_string(run.threads) + " of " + std::to_string(asked) +
             " threads");
    run.part_bytes = room_for_parts(memory, needs.total(run.threads));
    return std::nullopt;
  }

  SolverResult conclude() {
    SolverResult result;
    result.bound = pool_.bound();
    if (const auto best = pool_.best()) {
      result.status = SolverStatus::kFeasible;
      if (pool_.closed(options_.gap)) result.status = SolverStatus::kGapReached;
      if (pool_.closed(0)) result.status = SolverStatus::kOptimal;
      result.plan = best->plan;
      result.evaluation = best->evaluation;
    } else {
      result.message = "no plan within the usage limit was found";
    }
    return result;
  }

  SolverResult infeasible() const {
    return failure(SolverStatus::kInfeasible, describe_infeasibility(problem_));
  }

  static SolverResult failure(SolverStatus status, std::string message) {
    SolverResult result;
    result.status = status;
    result.message = std::move(message);
    return result;
  }

  bool on_target() const {
    if (!options_.target) return false;
    const auto cost = pool_.cost();
    return cost && cost->forbidden == 0 && cost->finite <= *options_.target;
  }

  void report(const std::string& note) {
    // Work that is counted is done to its end: which thread comes first must not count.
    if (clock_.timed() && (pool_.closed(options_.gap) || on_target())) clock_.finish();
    const std::lock_guard lock(report_mutex_);
    report_incumbent();
    if (!callbacks_.on_progress) return;
    Progress progress;
    progress.seconds = clock_.seconds();
    progress.incumbent = pool_.cost();
    progress.bound = pool_.bound();
    progress.visits = pool_.visits();
    progress.note = note;
    callbacks_.on_progress(progress);
  }

  void report_incumbent() {
    if (!callbacks_.on_incumbent) return;
    const auto cost = pool_.cost();
    if (!cost || (clock_.timed() && reported_ && *cost == reported_->evaluation.cost)) return;
    const auto best = pool_.best();
    if (reported_ && best->plan == reported_->plan) return;
    reported_ = best;
    callbacks_.on_incumbent(best->plan, best->evaluation);
  }

  const Problem& problem_;
  const SolverOptions& options_;
  const SolverCallbacks& callbacks_;
  std::vector<DeviceInfo> gpus_;
  SearchClock clock_;
  std::mutex report_mutex_;
  std::optional<IncumbentPool::Best> reported_;  ///< what on_incumbent last got
  IncumbentPool pool_;
};

/// Turns a callback that is asked into the flag that the search watches.
class StopWatcher {
 public:
  explicit StopWatcher(const std::function<bool()>& should_stop) : should_stop_(should_stop) {
    if (should_stop_) thread_ = std::thread([this] { watch(); });
  }
  ~StopWatcher() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  StopWatcher(const StopWatcher&) = delete;
  StopWatcher& operator=(const StopWatcher&) = delete;

  const std::atomic<bool>& stop() const { return stop_; }

 private:
  void watch() {
    constexpr std::chrono::milliseconds kInterval{10};
    std::unique_lock lock(mutex_);
    while (!over_ && !stop_) {
      stop_ = should_stop_();
      wake_.wait_for(lock, kInterval, [this] { return over_; });
    }
  }

  const std::function<bool()>& should_stop_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace

const char* to_string(SolverStatus status) {
  switch (status) {
    case SolverStatus::kOptimal:
      return "optimal";
    case SolverStatus::kGapReached:
      return "gap_reached";
    case SolverStatus::kFeasible:
      return "feasible";
    case SolverStatus::kInfeasible:
      return "infeasible";
    case SolverStatus::kNoPlan:
      return "no_plan";
    case SolverStatus::kError:
      return "error";
    case SolverStatus::kNoDevice:
      return "no_device";
  }
  return "unknown";
}

std::optional<double> relative_gap(const Cost& cost, const Cost& bound) {
  if (cost <= bound) return 0;
  if (cost.forbidden != bound.forbidden) return std::nullopt;
  const auto distance = static_cast<double>(cost.finite - bound.finite);
  return distance / std::abs(static_cast<double>(bound.finite));
}

SolverResult solve(const Problem& problem, const SolverOptions& options,
                   const std::atomic<bool>& stop, const ProgressCallback& on_progress) {
  const SolverCallbacks callbacks{on_progress, {}, {}};
  return Solver(problem, options, stop, callbacks).solve();
}

SolverResult solve(const Problem& problem, const SolverOptions& options,
                   const SolverCallbacks& callbacks) {
  const StopWatcher watcher(callbacks.should_stop);
  return Solver(problem, options, watcher.stop(), callbacks).solve();
}

}  // namespace warpshard
