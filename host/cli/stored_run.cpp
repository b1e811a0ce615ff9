#include "host/cli/stored_run.h"

#include <filesystem>
#include <utility>

#include "host/cli/process_clock.h"
#include "host/store/durable_file.h"
#include "host/store/plan_store.h"
#include "host/verify/proof_file.h"

namespace warpshard::cli {
namespace {

std::string absolute_path(const std::string& file) {
  std::error_code error;
  const auto path = std::filesystem::absolute(file, error);
  return error ? file : path.string();
}

SolverResult required_result(const PlanStore& store, const Problem& problem, double gap,
                             RunLog& log) {
  StoreAnswer answer = store.best(problem);
  for (const StoreFault& fault : answer.faults) log.message(fault.path + ": " + fault.reason);
  if (!answer.plan) log.message("the store knows no plan");
  SolverResult result = stored_result(std::move(answer), gap);
  result.seconds = seconds_since_start();
  return result;
}

AttemptFacts facts_of(const RunOptions& options) {
  AttemptFacts facts;
  facts.file = absolute_path(options.file);
  facts.seed = options.seed;
  facts.work_limit = options.work_limit;
  return facts;
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
  if (options.require_plan) return required_result(*store, problem, solving.gap, log);
  const auto report = [&](const StoreFault& fault) {
    log.message((fault.path.empty() ? "" : fault.path + ": ") + fault.reason);
  };
  return solve_with_store(*store, problem, solving, callbacks, facts_of(options), report);
}

void store_proof(const RunOptions& options, const Problem& problem, const Cost& bound,
                 RunLog& log) {
  const auto store = PlanStore::open(options.store);
  auto text = verify::read_proof_file(options.proof);
  if (!store || !text) {
    log.message("no proof was stored: " + (store ? text.error() : store.error()).message);
    return;
  }
  AttemptFacts facts = facts_of(options);
  facts.proof = std::move(*text);
  SolverResult proved;
  proved.status = SolverStatus::kNoPlan;
  proved.bound = bound;
  proved.source = "proof";
  if (const auto error = store->add(problem, facts, proved))
    log.message("no proof was stored: " + error->message);
}

}  // namespace warpshard::cli
