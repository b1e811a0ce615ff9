#include "host/cli/solve_run.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "host/cli/checkpoint_file.h"
#include "host/cli/command_line.h"
#include "host/cli/delivery.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/input.h"
#include "host/cli/live_line.h"
#include "host/cli/process_clock.h"
#include "host/cli/proof.h"
#include "host/cli/run_log.h"
#include "host/cli/stored_run.h"
#include "host/cli/supervisor.h"
#include "host/io/output_file.h"
#include "host/store/interim_result.h"
#include "warpshard/plan.h"
#include "warpshard/repair.h"
#include "warpshard/solve.h"

namespace warpshard::cli {
namespace {

/// The solver returns by itself at the limit; these are for the case that it, or loading, does not.
constexpr double kStopAfterLimit = 0.1;
constexpr double kGiveUpAfterLimit = 0.4;
/// Shares of the time after which the search, and then the proof, ends where one is to be written.
constexpr double kSearchShare = 0.8;
constexpr double kProofShare = 0.95;

SolverOptions solver_options(const RunOptions& options) {
  SolverOptions result;
  result.start = process_start();
  result.deadline_seconds = options.seconds * (options.proof.empty() ? 1.0 : kSearchShare);
  result.seed = options.seed;
  result.threads = options.threads;
  result.device = options.device;
  result.gap = options.gap;
  if (options.target) result.target = *options.target;
  result.work_limit = options.work_limit;
  result.memory_limit = options.memory;
  result.memory_in_use = resident_memory();
  return result;
}

/// What of the files to be written could not be; found out before there is anything to lose.
std::optional<Error> probe_outputs(const RunOptions& options) {
  for (const std::string& path : {options.output, options.proof, options.checkpoint})
    if (!path.empty())
      if (auto error = io::probe_output(path)) return error;
  return std::nullopt;
}

/// Reads the search's parameters.
Result<Parameters> read_parameters(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return Error{path + ": cannot be read"};
  auto parameters = parse_parameters(text);
  if (!parameters) return Error{path + ": " + parameters.error().message};
  return parameters;
}

/// Reads the plan to start from and says what had to be changed in it.
Result<Plan> start_plan(const RunOptions& options, const Problem& problem, RunLog& log) {
  const auto entries = read_plan(options.start_plan);
  if (!entries) return entries.error();
  const RepairedPlan repaired = repair_plan(problem, *entries);
  const std::string what = options.start_plan + ": ";
  if (repaired.changed()) log.message(what + "repaired: " + repaired.description());
  if (!repaired.within_limit) log.message(what + "cannot be repaired: no plan is within the limit");
  return repaired.plan;
}

/// Reads a hint and says what of it is no strategy.
Result<Plan> hint(const RunOptions& options, const Problem& problem, RunLog& log) {
  auto hint = read_hint(options.hint);
  if (!hint) return hint;
  const auto nodes = static_cast<std::size_t>(problem.num_nodes());
  std::int64_t ignored = hint->size() > nodes ? static_cast<std::int64_t>(hint->size() - nodes) : 0;
  hint->resize(nodes, -1);
  std::int64_t known = 0;
  for (std::int32_t node = 0; node < problem.num_nodes(); ++node) {
    std::int32_t& strategy = (*hint)[node];
    if (strategy >= problem.num_strategies(node)) {
      strategy = -1;
      ++ignored;
    }
    if (strategy >= 0) ++known;
  }
  std::string line = options.hint + ": strategies for " + std::to_string(known) + " of " +
                     std::to_string(nodes) + " nodes";
  if (ignored > 0) line += ", " + std::to_string(ignored) + " that do not exist are ignored";
  log.message(line);
  return hint;
}

/// Proves the bound once more, in writing; what went wrong, if anything did.
std::optional<Error> prove_result(const RunOptions& options, const Problem& problem,
                                  const SolverResult& result, const std::atomic<bool>& stop,
                                  RunLog& log, StoredRun& stored) {
  if (!result.bound || result.bound->forbidden > 0) {
    log.message("no proof: no plan without forbidden entries has a bound");
    return std::nullopt;
  }
  const StopToken token(stop, after_start(kProofShare * options.seconds));
  const auto proof =
      proof_options(result.bound->finite, options.threads, options.memory, token.deadline());
  const auto written = write_proof(options.proof, problem, proof, token);
  if (!written) return written.error();
  log.message(describe_proof(options.proof, *written));
  if (written->bound) stored.add_proof(Cost{0, *written->bound});
  return std::nullopt;
}

/// Reads the plan and the hint to begin with, where there are any.
std::optional<Error> add_starts(const RunOptions& options, const Problem& problem, RunLog& log,
                                SolverOptions& solving) {
  if (!options.parameters.empty()) {
    const auto parameters = read_parameters(options.parameters);
    if (!parameters) return parameters.error();
    solving.parameters = *parameters;
  }
  if (!options.start_plan.empty()) {
    const auto plan = start_plan(options, problem, log);
    if (!plan) return plan.error();
    solving.initial_plan = *plan;
  }
  if (!options.hint.empty()) {
    const auto begin = hint(options, problem, log);
    if (!begin) return begin.error();
    solving.hint = *begin;
  }
  return std::nullopt;
}

SolverResult search(const Problem& problem, const SolverOptions& solving,
                    const std::atomic<bool>& stop, CheckpointFile& checkpoint, RunLog& log,
                    StoredRun& stored, InterimResult& interim) {
  SolverCallbacks callbacks;
  checkpoint.join(callbacks);
  callbacks.on_progress = [&](const Progress& progress) { log.progress(progress); };
  callbacks.should_stop = [&] { return stop.load(); };
  interim.join(callbacks);
  return stored.solve(problem, solving, callbacks);
}

bool can_be_proved(const SolverResult& result) {
  return result.status != SolverStatus::kError && result.status != SolverStatus::kNoDevice;
}

}  // namespace

int run_solver(const RunOptions& options) {
  if (const auto error = probe_outputs(options))
    return report_failure(kExitInternal, error->message);
  Printer printer(options.log_level);
  RunLog log(printer, options.json, options.trace);
  if (const auto error = log.failure()) return report_failure(kExitInternal, error->message);
  std::optional<LiveLine> live;
  if (!options.json) live.emplace(printer, log.standing(), options.seconds);
  Delivery delivery(options, printer, log);
  StoredRun stored(options, log);
  InterimResult interim;
  Result<Problem> problem = Error{};  // like all that abandon() needs it outlives the supervisor
  const auto abandon = [&](const std::string& reason, bool is_defect) {
    log.message("ended early: " + reason);
    if (!options.proof.empty()) log.message("no proof was written");
    const SolverResult sofar = interim.get();
    const int status = delivery.latest(sofar.plan);
    if (const auto error = stored.add_interim(sofar))
      report_failure(status, "nothing was stored: " + error->message);
    log.finish();
    // No destructors: other threads are still at work.
    _exit(is_defect ? report_failure(kExitInternal, reason) : status);
  };
  Supervisor supervisor(after_start(options.seconds + kStopAfterLimit),
                        after_start(options.seconds + kGiveUpAfterLimit), abandon);

  const auto end = after_start(options.seconds);
  problem = read_instance(
      options.file, {.memory_limit = options.memory, .deadline = end, .stop = &supervisor.stop()});
  if (!problem && (supervisor.stop() || std::chrono::steady_clock::now() >= end)) {
    if (!supervisor.conclude()) return kExitNoPlan;
    log.message("ended early: " + problem.error().message);
    return delivery.latest({});
  }
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  log.instance(*problem);
  SolverOptions solving = solver_options(options);
  if (const auto error = add_starts(options, *problem, log, solving))
    return report_failure(kExitBadInput, error->message);
  CheckpointFile checkpoint(options.checkpoint, options.checkpoint_every);
  if (const auto error = checkpoint.begin(solving))
    return report_failure(kExitBadInput, error->message);
  if (checkpoint.resumed()) log.message("goes on from " + options.checkpoint);

  supervisor.begin_cooperation();
  const auto result =
      search(*problem, solving, supervisor.stop(), checkpoint, log, stored, interim);
  interim.set(result);
  std::optional<Error> failure = checkpoint.failure();
  if (!options.proof.empty() && can_be_proved(result))
    failure = prove_result(options, *problem, result, supervisor.stop(), log, stored);
  if (!supervisor.conclude()) return kExitNoPlan;
  live.reset();
  const int status = delivery.result(*problem, result, interim.get().plan);
  if (auto error = log.finish()) failure = std::move(error);
  return failure ? report_failure(kExitInternal, failure->message) : status;
}

}  // namespace warpshard::cli
