#include "host/cli/delivery.h"

#include <optional>
#include <string>

#include "host/cli/command_line.h"
#include "host/cli/exit_codes.h"
#include "host/io/output_file.h"
#include "warpshard/plan.h"

namespace warpshard::cli {

int Delivery::plan(const Plan& plan) {
  const std::string text = format_plan(plan);
  std::optional<Error> failure;
  if (!options_.output.empty()) failure = io::write_file(options_.output, text + '\n');
  const bool to_file = !options_.output.empty() && !failure;
  if (to_file) log_.message("plan written to " + options_.output);
  if (!to_file) printer_.finish(text);
  if (failure) report_failure(kExitInternal, failure->message);
  if (!to_file && !printer_.written())
    return report_failure(kExitInternal, "cannot write standard output");
  return failure ? kExitInternal : kExitSuccess;
}

int Delivery::no_plan(int status) {
  constexpr const char* kNoPlanLine = "[]";
  if (options_.output.empty()) printer_.finish(kNoPlanLine);
  return status;
}

int Delivery::latest(const Plan& latest) {
  return latest.empty() ? no_plan(kExitNoPlan) : plan(latest);
}

int Delivery::failure(const SolverResult& result, const Plan& latest) {
  const Plan& known = result.plan.empty() ? latest : result.plan;
  if (!known.empty()) plan(known);
  const auto message = result.message.empty() ? "the solver failed" : result.message;
  if (result.status == SolverStatus::kNoDevice) return report_failure(kExitNoDevice, message);
  return report_failure(kExitBadInput, options_.file + ": " + message);
}

int Delivery::result(const Problem& problem, const SolverResult& result, const Plan& latest) {
  log_.result(problem, result);
  switch (result.status) {
    case SolverStatus::kError:
    case SolverStatus::kNoDevice:
      return failure(result, latest);
    case SolverStatus::kInfeasible:
      return no_plan(kExitInfeasible);
    case SolverStatus::kNoPlan:
      return no_plan(kExitNoPlan);
    case SolverStatus::kFeasible:
    case SolverStatus::kGapReached:
    case SolverStatus::kOptimal:
      return plan(result.plan);
  }
  return kExitInternal;
}

}  // namespace warpshard::cli
