#include <cstdio>
#include <memory>
#include <string>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/io/load.h"
#include "host/io/plan_io.h"
#include "host/model/evaluator.h"

namespace warpshard::cli {
namespace {

struct VerifyOptions {
  std::string file;
  std::string plan;
};

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
    return kExitSuccess;
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
  command->callback([&selected, options] { selected = [options] { return verify(*options); }; });
}

}  // namespace warpshard::cli
