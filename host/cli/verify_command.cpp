#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "host/bound/certificate.h"
#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/input.h"
#include "host/reduce/reduction.h"
#include "warpshard/evaluate.h"

namespace warpshard::cli {
namespace {

struct VerifyOptions {
  std::string file;
  std::string plan;
  std::string certificate;  ///< empty: none
};

/// What a certificate proves about an instance.
Result<CertifiedBound> certified_for(const VerifyOptions& options, const Problem& problem) {
  const auto certificate = read_certificate_file(options.certificate);
  if (!certificate) return certificate.error();
  const auto reduction = reduce_problem(problem);
  if (!reduction) return Error{options.file + ": " + reduction.error().message};
  auto certified = certified_bound(reduction->reducer.model(), *certificate);
  if (!certified) return Error{options.certificate + ": " + certified.error().message};
  return certified;
}

void print_plan(const Problem& problem, const Evaluation& evaluation) {
  std::printf("cost %s\n", describe(evaluation.cost).c_str());
  if (evaluation.cost.forbidden > 0)
    std::printf("total %s\n", to_string(evaluation.cost.total()).c_str());
  std::printf("%s\n", describe_usage(problem, evaluation).c_str());
  if (evaluation.within_limit)
    std::printf("valid: within the limit\n");
  else
    std::printf("not within the limit: exceeded at %lld time points\n",
                static_cast<long long>(evaluation.violations));
}

void print_bound(const CertifiedBound& certified, const Cost& cost) {
  if (certified.none_allowed) {
    std::printf("there is no plan without forbidden entries\n");
    return;
  }
  std::printf("bound %s\n", to_string(certified.bound).c_str());
  const auto gap = describe_gap(cost, Cost{0, certified.bound});
  if (!gap.empty()) std::printf("gap %s\n", gap.c_str());
}

int verify(const VerifyOptions& options) {
  const auto problem = read_instance(options.file);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  const auto plan = read_plan(options.plan);
  if (!plan) return report_failure(kExitBadInput, plan.error().message);
  const auto evaluation = evaluate(*problem, *plan);
  if (!evaluation)
    return report_failure(kExitBadInput, options.plan + ": " + evaluation.error().message);
  std::optional<CertifiedBound> certified;
  if (!options.certificate.empty()) {
    const auto bound = certified_for(options, *problem);
    if (!bound) return report_failure(kExitBadInput, bound.error().message);
    certified = *bound;
  }

  print_plan(*problem, *evaluation);
  if (!evaluation->within_limit) return kExitNoPlan;
  if (certified) print_bound(*certified, evaluation->cost);
  return kExitSuccess;
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
