#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "host/bound/certificate.h"
#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/reduction.h"
#include "host/io/load.h"
#include "host/io/plan_io.h"
#include "host/model/evaluator.h"

namespace warpshard::cli {
namespace {

struct VerifyOptions {
  std::string file;
  std::string plan;
  std::string certificate;  ///< empty: none
};

/// Prints the bound that the certificate proves and how far the plan is above it.
int verify_certificate(const VerifyOptions& options, const Problem& problem, const Cost& cost) {
  std::ifstream file(options.certificate);
  if (!file) return report_failure(kExitBadInput, options.certificate + ": cannot be read");
  const auto certificate = read_certificate(file);
  if (!certificate)
    return report_failure(kExitBadInput, options.certificate + ": " + certificate.error().message);
  const auto reduction = reduce_problem(problem);
  if (!reduction)
    return report_failure(kExitBadInput, options.file + ": " + reduction.error().message);
  const auto certified = certified_bound(reduction->reducer.model(), *certificate);
  if (!certified)
    return report_failure(kExitBadInput, options.certificate + ": " + certified.error().message);
  if (certified->none_allowed) {
    std::printf("there is no plan without forbidden entries\n");
    return kExitSuccess;
  }
  std::printf("bound %s\n", to_string(certified->bound).c_str());
  const auto gap = describe_gap(cost, certified->bound);
  if (!gap.empty()) std::printf("gap %s\n", gap.c_str());
  return kExitSuccess;
}

int verify(const VerifyOptions& options) {
  const auto problem = load_problem(options.file);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  const auto plan = load_plan(options.plan);
  if (!plan) return report_failure(kExitBadInput, plan.error().message);
  const auto evaluation = evaluate(*problem, *plan);
  if (!evaluation)
    return report_failure(kExitBadInput, options.plan + ": " + evaluation.error().message);

  std::printf("cost %s\n", describe(evaluation->cost).c_str());
  if (evaluation->cost.forbidden > 0)
    std::printf("total %s\n", to_string(evaluation->cost.total()).c_str());
  std::printf("%s\n", describe_usage(*problem, *evaluation).c_str());
  if (evaluation->within_limit) {
    std::printf("valid: within the limit\n");
    if (options.certificate.empty()) return kExitSuccess;
    return verify_certificate(options, *problem, evaluation->cost);
  }
  std::printf("not within the limit: exceeded at %lld time points\n",
              static_cast<long long>(evaluation->violations));
  return kExitNoPlan;
}

}  // namespace

void add_verify_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<VerifyOptions>();
  auto* command = app.add_subcommand("verify", "check a plan with the independent evaluator");
  command->add_option("FILE", options->file, "instance")->required()->type_name("");
  command->add_option("PLAN", options->plan, "file whose last line is a plan")
      ->required()
      ->type_name("");
  command->add_option("CERTIFICATE", options->certificate, "file that proves a bound")
      ->type_name("");
  command->callback([&selected, options] { selected = [options] { return verify(*options); }; });
}

}  // namespace warpshard::cli
