#include "host/search/solver.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "host/reduce/reducer.h"
#include "host/search/clock.h"
#include "host/search/core.h"
#include "host/search/device_choice.h"
#include "host/search/incumbent.h"
#include "host/search/infeasibility.h"
#include "host/search/limits.h"
#include "host/search/search_run.h"

namespace warpshard {
namespace {

/// Kept back from the deadline, for lifting and printing the last plan.
constexpr double kReserve = 0.2;
/// If no plan without forbidden entries was found in this share of the time, plans with some are
/// better than none.
constexpr double kStrictShare = 0.4;

class Solver {
 public:
  Solver(const Problem& problem, const SolverOptions& options, const std::atomic<bool>& stop,
         const ProgressCallback& on_progress)
      : problem_(problem),
        options_(options),
        on_progress_(on_progress),
        clock_(options.start, end_of(options), options.work_limit, stop),
        pool_(problem, [this](const std::string& note) { report(note); }) {}

  SolverResult solve() {
    if (const auto refusal = refuse_search(problem_))
      return failure(SolverStatus::kError, refusal->message);
    const auto choice = parse_device_choice(options_.device);
    if (!choice) return failure(SolverStatus::kNoDevice, choice.error().message);
    const auto devices = choose_devices(*choice, cuda_devices());
    if (!devices) return failure(SolverStatus::kNoDevice, devices.error().message);
    gpus_ = devices->gpus;
    report("device: " + devices->reason);

    auto verdict = run_mode(/*allow_forbidden=*/false, kStrictShare);
    if (!verdict) return failure(SolverStatus::kError, verdict.error().message);
    if (*verdict == ReductionVerdict::kInfeasible) return infeasible();
    if (!pool_.has_clean_plan() && !clock_.stopped() && (!clock_.expired() || !clock_.timed())) {
      report("no plan without forbidden entries so far; plans with some are allowed now");
      verdict = run_mode(/*allow_forbidden=*/true, 1.0);
      if (!verdict) return failure(SolverStatus::kError, verdict.error().message);
      if (*verdict == ReductionVerdict::kInfeasible) return infeasible();
    }
    return conclude();
  }

 private:
  static SearchClock::Time end_of(const SolverOptions& options) {
    const auto length = std::chrono::duration<double>(options.deadline_seconds - kReserve);
    return options.start + std::chrono::duration_cast<std::chrono::steady_clock::duration>(length);
  }

  /// Reduces and searches. With a `share` below one, gives up after that share of the time if
  /// nothing was found, and goes on to the end otherwise.
  Result<ReductionVerdict> run_mode(bool allow_forbidden, double share) {
    ReducerOptions options;
    options.allow_forbidden = allow_forbidden;
    auto reducer = Reducer::create(problem_, options);
    if (!reducer) return reducer.error();
    const auto verdict = reducer->run();
    if (verdict != ReductionVerdict::kOpen) return verdict;
    const auto core = std::make_shared<const Core>(std::move(*reducer));
    report("reduced to " + std::to_string(core->model.num_variables()) + " variables, " +
           std::to_string(core->model.edges.size()) + " edges, " +
           std::to_string(core->model.num_times()) + " time points");

    SearchRunOptions run_options;
    run_options.seed = options_.seed;
    run_options.threads = options_.threads > 0
                              ? options_.threads
                              : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    run_options.gap = options_.gap;
    run_options.gpus = gpus_;
    run_options.log = [this](const std::string& line) { report(line); };
    run_options.allow_forbidden = allow_forbidden;
    run_options.trial_share = share;
    SearchRun(core, pool_, clock_, std::move(run_options)).run(clock_.seconds_left());
    return verdict;
  }

  SolverResult conclude() {
    SolverResult result;
    result.bound = pool_.bound();
    if (const auto best = pool_.best()) {
      result.status = pool_.closed(options_.gap) ? SolverStatus::kOptimal : SolverStatus::kFeasible;
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

  void report(const std::string& note) {
    if (pool_.closed(options_.gap)) clock_.finish();
    if (!on_progress_) return;
    const std::lock_guard lock(report_mutex_);
    Progress progress;
    progress.seconds = clock_.seconds();
    progress.incumbent = pool_.cost();
    progress.bound = pool_.bound();
    progress.note = note;
    on_progress_(progress);
  }

  const Problem& problem_;
  const SolverOptions& options_;
  const ProgressCallback& on_progress_;
  std::vector<DeviceInfo> gpus_;
  SearchClock clock_;
  std::mutex report_mutex_;
  IncumbentPool pool_;
};

}  // namespace

SolverResult solve(const Problem& problem, const SolverOptions& options,
                   const std::atomic<bool>& stop, const ProgressCallback& on_progress) {
  return Solver(problem, options, stop, on_progress).solve();
}

}  // namespace warpshard
