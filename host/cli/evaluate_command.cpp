#include "warpshard/evaluate.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/cost_shares.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/input.h"

namespace warpshard::cli {
namespace {

struct EvaluateOptions {
  std::string file;
  std::string plan;
  bool memory = false;
};

int evaluate_plan(const EvaluateOptions& options) {
  const auto problem = read_instance(options.file);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  const auto plan = read_plan(options.plan);
  if (!plan) return report_failure(kExitBadInput, plan.error().message);
  const auto evaluation = evaluate(*problem, *plan);
  if (!evaluation)
    return report_failure(kExitBadInput, options.plan + ": " + evaluation.error().message);
  if (options.memory) {
    for (const UsageStep& step : usage_over_time(*problem, *plan))
      std::printf("%lld %s\n", static_cast<long long>(step.time), to_string(step.usage).c_str());
    return kExitSuccess;
  }
  const CostShares shares = cost_shares(*problem, *plan);
  std::printf("cost %s\n", describe(evaluation->cost).c_str());
  std::printf("of nodes %s\n", describe(shares.nodes).c_str());
  std::printf("of edges %s\n", describe(shares.edges).c_str());
  std::printf("total %s\n", to_string(evaluation->cost.total()).c_str());
  std::printf("%s\n", describe_usage(*problem, *evaluation).c_str());
  std::printf("time points over the limit %lld\n", static_cast<long long>(evaluation->violations));
  return kExitSuccess;
}

}  // namespace

void add_evaluate_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<EvaluateOptions>();
  auto* command = app.add_subcommand(
      "evaluate", "what a plan costs and uses; unlike verify, a plan over the limit is no failure");
  command->add_option("FILE", options->file, "instance")->required()->type_name("");
  command->add_option("PLAN", options->plan, "file whose last line is a plan")
      ->required()
      ->type_name("");
  command->add_flag("--memory", options->memory, "print usage over time instead: TIME USAGE");
  command->callback(
      [&selected, options] { selected = [options] { return evaluate_plan(*options); }; });
}

}  // namespace warpshard::cli
