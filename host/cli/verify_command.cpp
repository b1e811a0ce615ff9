#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/input.h"
#include "host/store/keys.h"
#include "host/verify/proof_check.h"
#include "host/verify/proof_file.h"
#include "warpshard/evaluate.h"

namespace warpshard::cli {
namespace {

struct VerifyOptions {
  std::string file;
  std::string plan;   ///< or a proof, if that is all there is
  std::string proof;  ///< empty: none
};

/// True of a file, not a pipe, that begins like a proof.
bool is_proof(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  const auto text = verify::read_proof_file(path);
  return text && text->starts_with(verify::kProofMagic);
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

struct CheckedProof {
  verify::ProvedBound proved;
  double seconds = 0;
};

void print_bound(const CheckedProof& proof, const std::optional<Cost>& cost) {
  const verify::ProvedBound& proved = proof.proved;
  if (!proved.bound) {
    std::printf("there is no plan without forbidden entries\n");
  } else {
    std::printf("bound %s\n", to_string(*proved.bound).c_str());
    const auto gap = cost ? describe_gap(*cost, Cost{0, *proved.bound}) : std::string();
    if (!gap.empty()) std::printf("gap %s\n", gap.c_str());
    if (cost == Cost{0, *proved.bound}) std::printf("proved: no plan is cheaper\n");
  }
  std::printf("proof checked in %.2f s\n", proof.seconds);
}

Result<CheckedProof> checked_proof(const Problem& problem, const std::string& path) {
  const auto start = std::chrono::steady_clock::now();
  const auto text = verify::read_proof_file(path);
  if (!text) return text.error();
  auto proved = verify::check_proof(problem, *text, store::keys_of(problem).exact);
  if (!proved) return Error{path + ": " + proved.error().message};
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  return CheckedProof{*std::move(proved), spent.count()};
}

int verify_proof(const Problem& problem, const std::string& path) {
  const auto proof = checked_proof(problem, path);
  if (!proof) return report_failure(kExitBadInput, proof.error().message);
  print_bound(*proof, std::nullopt);
  return kExitSuccess;
}

int verify_plan(const Problem& problem, const VerifyOptions& options) {
  const auto plan = read_plan(options.plan);
  if (!plan) return report_failure(kExitBadInput, plan.error().message);
  const auto evaluation = evaluate(problem, *plan);
  if (!evaluation)
    return report_failure(kExitBadInput, options.plan + ": " + evaluation.error().message);
  std::optional<CheckedProof> proof;
  if (!options.proof.empty()) {
    auto checked = checked_proof(problem, options.proof);
    if (!checked) return report_failure(kExitBadInput, checked.error().message);
    proof = *std::move(checked);
  }
  print_plan(problem, *evaluation);
  if (!evaluation->within_limit) return kExitNoPlan;
  if (proof) print_bound(*proof, evaluation->cost);
  return kExitSuccess;
}

int verify(const VerifyOptions& options) {
  const auto problem = read_instance(options.file);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  if (options.proof.empty() && is_proof(options.plan)) return verify_proof(*problem, options.plan);
  return verify_plan(*problem, options);
}

}  // namespace

void add_verify_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<VerifyOptions>();
  auto* command = app.add_subcommand(
      "verify", "check a plan with the independent evaluator, a proof with the independent check");
  command->add_option("FILE", options->file, "instance")->required()->type_name("");
  command->add_option("PLAN", options->plan, "file whose last line is a plan, or a proof")
      ->required()
      ->type_name("");
  command->add_option("PROOF", options->proof, "file that proves a bound")->type_name("");
  command->callback([&selected, options] { selected = [options] { return verify(*options); }; });
}

}  // namespace warpshard::cli
