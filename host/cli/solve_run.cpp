#include "host/cli/solve_run.h"

#include <unistd.h>

#include <fstream>

#include "host/cli/command_line.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/process_clock.h"
#include "host/cli/progress_log.h"
#include "host/cli/supervisor.h"
#include "host/io/load.h"
#include "host/io/plan_io.h"
#include "host/search/solver.h"

namespace warpshard::cli {
namespace {

/// The solver returns by itself at the limit; these are for the case that it, or loading, does not.
constexpr double kStopAfterLimit = 0.3;
constexpr double kGiveUpAfterLimit = 1.6;

constexpr const char* kNoPlanLine = "[]";

SolverOptions solver_options(const RunOptions& options) {
  SolverOptions result;
  result.start = process_start();
  result.deadline_seconds = options.seconds;
  result.seed = options.seed;
  result.threads = options.threads;
  result.device = options.device;
  result.gap = options.gap;
  return result;
}

void log_instance(Printer& printer, const Problem& problem) {
  const auto limit = problem.usage_limit ? std::to_string(*problem.usage_limit) : "none";
  printer.info("instance " + problem.name + ": " + std::to_string(problem.num_nodes()) +
               " nodes, " + std::to_string(problem.num_edges()) + " edges, limit " + limit);
}

void log_result(Printer& printer, const Problem& problem, const SolverResult& result) {
  if (!result.message.empty()) printer.info(result.message);
  if (result.status == SolverStatus::kInfeasible)
    printer.info("proved: no plan is within the limit");
  if (result.status == SolverStatus::kNoPlan) printer.info("no plan within the limit was found");
  if (result.plan.empty()) return;
  const auto& cost = result.evaluation.cost;
  const bool optimal = result.status == SolverStatus::kOptimal;
  auto line = std::string(optimal ? "optimal" : "feasible") + ": cost " + describe(cost);
  if (result.bound) line += ", bound " + to_string(*result.bound);
  const auto gap = result.bound ? describe_gap(cost, *result.bound) : std::string();
  if (!gap.empty()) line += ", gap " + gap;
  printer.info(line);
  printer.info(describe_usage(problem, result.evaluation));
}

/// Hands the plan over; the exit status.
int deliver(const RunOptions& options, Printer& printer, const Plan& plan) {
  if (options.output.empty()) {
    printer.finish(format_plan(plan));
    if (!printer.written()) return report_failure(kExitInternal, "cannot write standard output");
    return kExitSuccess;
  }
  std::ofstream file(options.output, std::ios::binary);
  file << format_plan(plan) << '\n';
  if (!file.flush())
    return report_failure(kExitInternal, options.output + ": the plan cannot be written");
  printer.info("plan written to " + options.output);
  return kExitSuccess;
}

int deliver_no_plan(const RunOptions& options, Printer& printer) {
  if (options.output.empty()) printer.finish(kNoPlanLine);
  return kExitNoPlan;
}

int conclude(const RunOptions& options, Printer& printer, const Problem& problem,
             const SolverResult& result) {
  const auto message = result.message.empty() ? "the solver failed" : result.message;
  switch (result.status) {
    case SolverStatus::kError:
      return report_failure(kExitBadInput, options.file + ": " + message);
    case SolverStatus::kNoDevice:
      return report_failure(kExitNoDevice, message);
    case SolverStatus::kInfeasible:
    case SolverStatus::kNoPlan:
      log_result(printer, problem, result);
      return deliver_no_plan(options, printer);
    case SolverStatus::kFeasible:
    case SolverStatus::kOptimal:
      log_result(printer, problem, result);
      return deliver(options, printer, result.plan);
  }
  return kExitInternal;
}

}  // namespace

int run_solver(const RunOptions& options) {
  Printer printer(options.log_level);
  const auto abandon = [&](const std::string& reason) {
    printer.info("ended without a plan: " + reason);
    deliver_no_plan(options, printer);
    _exit(kExitNoPlan);  // no destructors: other threads are still at work
  };
  Supervisor supervisor(after_start(options.seconds + kStopAfterLimit),
                        after_start(options.seconds + kGiveUpAfterLimit), abandon);

  const auto problem = load_problem(options.file);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  log_instance(printer, *problem);

  supervisor.begin_cooperation();
  ProgressLog log(printer);
  const auto result = solve(*problem, solver_options(options), supervisor.stop(),
                            [&](const Progress& progress) { log.report(progress); });
  if (!supervisor.conclude()) return kExitNoPlan;
  return conclude(options, printer, *problem, result);
}

}  // namespace warpshard::cli
