#include "host/cli/stored_run.h"

#include <filesystem>
#include <utility>

#include "host/cli/process_clock.h"
#include "host/store/plan_store.h"

namespace warpshard::cli {
namespace {

std::string absolute_path(const std::string& file) {
  std::error_code error;
  const auto path = std::filesystem::absolute(file, error);
  return error ? file : path.string();
}

SolverResult stored_result(const PlanStore& store, const Problem& problem, RunLog& log) {
  StoreAnswer answer = store.best(problem);
  for (const StoreFault& fault : answer.faults) log.message(fault.path + ": " + fault.reason);
  SolverResult result;
  result.source = "store";
  result.seconds = seconds_since_start();
  if (answer.bound) result.bound = answer.bound->value;
  if (answer.infeasible) result.status = SolverStatus::kInfeasible;
  if (!answer.plan) {
    log.message("the store knows no plan");
    return result;
  }
  result.status = answer.gap() == 0.0 ? SolverStatus::kOptimal : SolverStatus::kFeasible;
  result.plan = std::move(answer.plan->plan);
  result.evaluation = answer.plan->evaluation;
  return result;
}

}  // namespace

SolverResult solve_stored(const RunOptions& options, const Problem& problem,
                          const SolverOptions& solving, const SolverCallbacks& callbacks,
                          RunLog& log) {
  const auto store = PlanStore::open(options.store);
  if (!store) {
    log.message("no store: " + store.error().message);
    return options.require_plan ? SolverResult{} : solve(problem, solving, callbacks);
  }
  if (options.require_plan) return stored_result(*store, problem, log);
  AttemptFacts facts;
  facts.file = absolute_path(options.file);
  facts.seed = options.seed;
  facts.work_limit = options.work_limit;
  const auto report = [&](const StoreFault& fault) {
    log.message((fault.path.empty() ? "" : fault.path + ": ") + fault.reason);
  };
  return solve_with_store(*store, problem, solving, callbacks, facts, report);
}

}  // namespace warpshard::cli
