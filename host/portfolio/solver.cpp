#include "warpshard/solve.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "host/device/device_choice.h"
#include "host/plan/hint.h"
#include "host/plan/infeasibility.h"
#include "host/portfolio/checkpoint.h"
#include "host/portfolio/limits.h"
#include "host/portfolio/portfolio.h"
#include "host/portfolio/stop_watcher.h"
#include "host/portfolio/threads.h"
#include "host/portfolio/time_prices.h"
#include "host/portfolio/workers/workers.h"
#include "warpshard/repair.h"
#include "warpshard/validate.h"

namespace warpshard {
namespace {

/// Kept back from the deadline, for giving back what the workers hold: seconds, and more where
/// there is much to give back (per entry of the problem's tables, seen on one of 1.4 GB), but a
/// quarter of short deadlines at most.
constexpr double kReserve = 0.02;
constexpr double kReservePerEntry = 1e-9;
constexpr double kReserveShare = 0.25;
/// Before a run that writes checkpoints is stopped in the middle of its tasks, it may end them: so
/// many seconds, a share of the time at most.
constexpr double kPause = 0.4;
constexpr double kPauseShare = 0.05;
/// Work limits are given in millions of units.
constexpr Work kWorkPerLimit = 1'000'000;

double seconds_since(StopToken::Time start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What of a call cannot be followed; nothing if all can.
std::optional<Error> refuse(const Problem& problem, const SolverOptions& options) {
  if (auto error = validate(problem)) return error;
  if (auto error = refuse_search(problem)) return error;
  if (auto error = validate(options.parameters)) return error;
  if (std::isnan(options.deadline_seconds)) return Error{"the deadline is not a number"};
  if (std::isnan(options.gap)) return Error{"the gap is not a number"};
  for (const TimePrice& price : options.prices)
    if (!(price.price >= 0)) return Error{"a price is below zero or not a number"};
  if (options.hint.empty()) return std::nullopt;
  if (static_cast<std::int64_t>(options.hint.size()) != problem.num_nodes())
    return Error{"the hint has " + std::to_string(options.hint.size()) + " entries, expected " +
                 std::to_string(problem.num_nodes())};
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node)
    if (options.hint[node] < -1 || options.hint[node] >= problem.num_strategies(node))
      return Error{"the hint gives node " + std::to_string(node) + " strategy " +
                   std::to_string(options.hint[node]) + ", which it does not have"};
  return std::nullopt;
}

/// One call of solve().
class Solver {
 public:
  Solver(const Problem& problem, const SolverOptions& options, const StopFlags& flags,
         const SolverCallbacks& callbacks)
      : problem_(problem),
        options_(options),
        flags_(flags),
        callbacks_(callbacks),
        pool_(problem, options.parameters, /*settle_ties=*/options.work_limit > 0) {}

  SolverResult solve() {
    if (const auto error = refuse(problem_, options_))
      return failure(SolverStatus::kError, error->message);
    const auto choice = parse_device_choice(options_.device);
    if (!choice) return failure(SolverStatus::kNoDevice, choice.error().message);
    const auto devices = choose_devices(*choice);
    if (!devices) return failure(SolverStatus::kNoDevice, devices.error().message);
    tell({nullptr, {}, 0, "", "device: " + devices->reason});
    if (const auto error = refuse_checkpoints())
      return failure(SolverStatus::kError, error->message);
    if (options_.checkpoint.empty()) {
      offer_initial_plan();
      if (!options_.hint.empty()) follow_hint();
    }

    WorkerResources resources;
    resources.seed = options_.seed;
    resources.prices = options_.prices;
    resources.threads = options_.threads > 0 ? options_.threads : default_threads();
    resources.memory = {options_.memory_limit, options_.memory_in_use};
    resources.devices = devices->gpus;
    PortfolioOptions run;
    // A device's worker waits for it most of the time.
    run.threads = resources.threads + static_cast<int>(resources.devices.size());
    run.work_limit = options_.work_limit * kWorkPerLimit;
    run.stop = &flags_.stop;
    run.deadline = deadline();
    run.finished = [this](const Pool& pool) {
      note_prices(pool);
      return finished(pool);
    };
    run.on_news = [this](const News& news) { tell(news); };
    if (callbacks_.on_checkpoint) {
      run.between_batches = [this] { save_now_and_then(); };
      run.pause = StopToken(flags_.pause, pause_before(run.deadline));
    }
    Portfolio portfolio(pool_, make_workers(options_.parameters, resources), std::move(run));
    if (const auto error = resume(portfolio, resources.threads))
      return failure(SolverStatus::kError, error->message);
    portfolio_ = &portfolio;
    portfolio.run();
    if (callbacks_.on_checkpoint && portfolio.whole() && pool_.work() != saved_work_) save();
    SolverResult result = conclude();
    result.accounts = portfolio.accounts();
    return result;
  }

 private:
  StopToken::Time deadline() const {
    const auto entries = static_cast<double>(problem_.entries.size() + problem_.costs.size());
    const double most = std::max(0.0, kReserveShare * options_.deadline_seconds - kReserve);
    const double reserve = kReserve + std::min(most, kReservePerEntry * entries);
    return after(options_.start, options_.deadline_seconds - reserve);
  }

  /// What of checkpoints cannot be had.
  std::optional<Error> refuse_checkpoints() const {
    if (options_.checkpoint.empty() && !callbacks_.on_checkpoint) return std::nullopt;
    if (options_.work_limit <= 0) return Error{"checkpoints are of runs with a work limit"};
    if (!(options_.checkpoint_seconds >= 0)) return Error{"checkpoints need a time between them"};
    return std::nullopt;
  }

  std::optional<Error> resume(Portfolio& portfolio, int threads) {
    if (options_.checkpoint.empty()) return std::nullopt;
    const std::atomic<bool> never{false};
    const StopToken stop(flags_.stop, never, deadline());
    const auto error =
        read_checkpoint(options_.checkpoint, problem_, options_, threads, stop, portfolio);
    saved_work_ = pool_.work();
    if (error && !stop.stopped()) return Error{"the checkpoint does not fit: " + error->message};
    if (pool_.best() || pool_.bound())
      tell({pool_.best(), pool_.bound(), pool_.visits(), pool_.source(), ""});
    return std::nullopt;
  }

  void save() {
    const auto bytes = write_checkpoint(problem_, options_, *portfolio_);
    callbacks_.on_checkpoint(bytes);
    saved_ = std::chrono::steady_clock::now();
    saved_work_ = pool_.work();
  }

  void save_now_and_then() {
    if (seconds_since(saved_) >= options_.checkpoint_seconds) save();
  }

  StopToken::Time pause_before(StopToken::Time deadline) const {
    if (deadline == StopToken::Time::max()) return deadline;
    const double seconds = std::min(kPause, kPauseShare * options_.deadline_seconds);
    return after(deadline, -std::max(0.0, seconds));
  }

  void offer_initial_plan() {
    if (options_.initial_plan.empty()) return;
    auto verified = verified_plan(problem_, options_.initial_plan);
    if (verified) {
      pool_.offer(*std::move(verified), "initial plan");
      tell({pool_.best(), {}, 0, pool_.source(), ""});
    } else {
      tell({nullptr, {}, 0, "", "the initial plan is no plan within the limit"});
    }
  }

  /// Completes the hint to a plan: the best that keeps to it, else one near it.
  void follow_hint() {
    const HintedProblem hinted(problem_, options_.hint);
    SolverOptions options = options_;
    options.device = "cpu";
    options.hint.clear();
    options.initial_plan.clear();
    options.target.reset();
    const auto most = static_cast<std::int64_t>(options_.parameters.hint.work) / kWorkPerLimit;
    options.work_limit = std::max<std::int64_t>(
        1, options_.work_limit > 0 ? std::min(most, options_.work_limit / 10) : most);
    const SolverCallbacks nobody;
    const SolverResult result = Solver(hinted.problem(), options, flags_, nobody).solve();
    std::optional<VerifiedPlan> plan;
    if (!result.plan.empty() && result.evaluation.cost.forbidden == 0) {
      plan = verified_plan(problem_, hinted.lift(result.plan));
    } else {
      tell({nullptr, {}, 0, "", "the hint cannot be kept to; going on from near it"});
      plan = verified_plan(problem_, repair_plan(problem_, fill_in(problem_, options_.hint)).plan);
    }
    if (plan && pool_.offer(*std::move(plan), "hint"))
      tell({pool_.best(), {}, 0, pool_.source(), ""});
  }

  /// Of the instance's own core: those that shrink from it watch few times.
  void note_prices(const Pool& pool) {
    const GuidePointer& guide = pool.guide();
    if (guide == nullptr || guide->rounds == priced_rounds_ || !guide->core->removals.empty())
      return;
    prices_ = prices_of(*guide->core, guide->state);
    priced_rounds_ = guide->rounds;
  }

  bool finished(const Pool& pool) const {
    // Where the instance is refused, a first plan may still be on its way; then nothing is ready.
    if (pool.infeasible() || pool.closed(options_.gap)) return true;
    if (!options_.target || !pool.has_clean_plan()) return false;
    return pool.cost()->finite <= *options_.target;
  }

  SolverResult conclude() const {
    if (pool_.infeasible())
      return failure(SolverStatus::kInfeasible, describe_infeasibility(problem_));
    SolverResult result;
    result.bound = pool_.bound();
    result.visits = pool_.visits();
    result.prices = prices_;
    result.seconds = seconds_since(options_.start);
    if (pool_.failure()) result.message = *pool_.failure();
    if (const auto best = pool_.best()) {
      result.status = SolverStatus::kFeasible;
      if (pool_.closed(options_.gap)) result.status = SolverStatus::kGapReached;
      if (pool_.closed(0)) result.status = SolverStatus::kOptimal;
      result.plan = best->plan;
      result.evaluation = best->evaluation;
      result.source = pool_.source();
    } else if (!pool_.failure()) {
      result.message = "no plan within the usage limit was found";
    }
    if (pool_.failure() && pool_.core() == nullptr) result.status = SolverStatus::kError;
    return result;
  }

  SolverResult failure(SolverStatus status, std::string message) const {
    SolverResult result;
    result.status = status;
    result.seconds = seconds_since(options_.start);
    result.message = std::move(message);
    return result;
  }

  /// One call at a time.
  void tell(const News& news) {
    if (callbacks_.on_incumbent && news.best && news.best != told_)
      callbacks_.on_incumbent(news.best->plan, news.best->evaluation);
    told_ = news.best ? news.best : told_;
    if (!callbacks_.on_progress) return;
    Progress progress;
    progress.seconds = seconds_since(options_.start);
    if (news.best) progress.incumbent = news.best->evaluation.cost;
    progress.bound = news.bound;
    progress.visits = news.visits;
    progress.source = news.source;
    progress.note = news.note;
    callbacks_.on_progress(progress);
  }

  const Problem& problem_;
  const SolverOptions& options_;
  StopFlags flags_;
  const SolverCallbacks& callbacks_;
  Pool pool_;
  std::shared_ptr<const VerifiedPlan> told_;  ///< what on_incumbent last got
  Portfolio* portfolio_ = nullptr;            ///< while it runs
  std::vector<TimePrice> prices_;             ///< the last that were noted
  std::int64_t priced_rounds_ = 0;            ///< of the ascent that had come to them
  Work saved_work_ = -1;                      ///< done when the last checkpoint was made
  StopToken::Time saved_ = std::chrono::steady_clock::now();  ///< when the last checkpoint was
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
  SolverCallbacks callbacks;
  callbacks.on_progress = on_progress;
  return Solver(problem, options, {stop, stop}, callbacks).solve();
}

SolverResult solve(const Problem& problem, const SolverOptions& options,
                   const SolverCallbacks& callbacks) {
  StopWatcher watcher(callbacks.should_stop, callbacks.on_checkpoint ? kPause : 0);
  SolverResult result = Solver(problem, options, watcher.flags(), callbacks).solve();
  watcher.finish();
  return result;
}

}  // namespace warpshard
