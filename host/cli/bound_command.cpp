#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/input.h"
#include "host/cli/latest.h"
#include "host/cli/memory_option.h"
#include "host/cli/printer.h"
#include "host/cli/process_clock.h"
#include "host/cli/proof.h"
#include "host/cli/run_options.h"
#include "host/cli/supervisor.h"
#include "host/device/device_choice.h"
#include "host/io/output_file.h"
#include "host/reduce/reduction.h"
#include "warpshard/bound.h"

namespace warpshard::cli {
namespace {

struct BoundRequest {
  std::string file;
  double seconds = 0;
  int threads = 0;
  std::optional<std::int64_t> incumbent;
  std::string device = "cpu";
  std::string proof;  ///< file that it goes to; empty: none
  std::int64_t memory = default_memory();
};

constexpr const char* kNoBoundLine = "bound none";

/// Where the bound is to be proved in writing, it is first raised for this share of the time, and
/// proved until that: the rest is for checking and writing.
constexpr double kRaiseShare = 0.45;
constexpr double kProofShare = 0.9;

std::string bound_line(Int128 bound) {
  return "bound " + to_string(bound);
}

/// What a run has come to.
struct Standing {
  ReductionVerdict verdict = ReductionVerdict::kOpen;
  std::optional<Int128> bound;
};

int deliver(Printer& printer, const Standing& standing) {
  const ReductionVerdict verdict = standing.verdict;
  if (verdict != ReductionVerdict::kOpen && verdict != ReductionVerdict::kStopped)
    printer.info("proved: " + describe(verdict));
  printer.finish(standing.bound ? bound_line(*standing.bound) : kNoBoundLine);
  if (verdict == ReductionVerdict::kInfeasible) return kExitInfeasible;
  return standing.bound ? kExitSuccess : kExitNoPlan;
}

/// The certified bound goes into the log as a run raises it.
class ProgressTable {
 public:
  ProgressTable(Printer& printer, Latest<std::optional<Int128>>& latest)
      : printer_(printer), latest_(latest) {}

  void add(const BoundProgress& bound) {
    latest_.set(bound.bound);
    if (!bound.note.empty()) return printer_.info(bound.note);
    if (!headed_) printer_.info(table_header());
    headed_ = true;
    Progress progress;
    progress.seconds = seconds_since_start();
    if (bound.incumbent) progress.incumbent = Cost{0, *bound.incumbent};
    if (bound.bound) progress.bound = Cost{0, *bound.bound};
    progress.note = bound.parts > 0 ? std::to_string(bound.parts) + " parts"
                                    : std::to_string(bound.rounds) + " rounds";
    printer_.info(table_row(progress, std::nullopt));
  }

 private:
  Printer& printer_;
  Latest<std::optional<Int128>>& latest_;
  bool headed_ = false;
};

BoundOptions bound_options(const BoundRequest& run) {
  BoundOptions options;
  options.start = process_start();
  options.deadline_seconds = run.seconds * (run.proof.empty() ? 1 : kRaiseShare);
  options.threads = run.threads;
  options.device = run.device;
  if (run.incumbent) options.incumbent = Int128{*run.incumbent};
  options.memory_limit = run.memory;
  options.memory_in_use = resident_memory();
  return options;
}

/// Proves the bound once more, in writing; the bound is then what the proof shows.
std::optional<Error> prove(const BoundRequest& run, const Problem& problem,
                           const std::atomic<bool>& stop, Standing& standing, Printer& printer) {
  const StopToken token(stop, after_start(kProofShare * run.seconds));
  const auto writing =
      proof_options(standing.bound.value_or(0), run.threads, run.memory, token.deadline());
  const auto written = write_proof(run.proof, problem, writing, token);
  if (!written) return written.error();
  standing.bound = written->bound;
  if (written->bound) standing.verdict = ReductionVerdict::kOpen;
  printer.info(describe_proof(run.proof, *written));
  return std::nullopt;
}

int bound(const BoundRequest& run) {
  const auto choice = parse_device_choice(run.device);
  if (!choice) return report_failure(kExitUsage, choice.error().message);
  if (!run.proof.empty())
    if (const auto error = io::probe_output(run.proof))
      return report_failure(kExitInternal, error->message);
  Printer printer(LogLevel::kInfo);
  // To write and to check a proof takes its time on large instances.
  const std::chrono::milliseconds grace(run.proof.empty() ? 400 : 5000);
  const auto end = after_start(run.seconds);
  Latest<std::optional<Int128>> latest;
  const auto abandon = [&](const std::string& reason, bool is_defect) {
    const auto bound = latest.get();
    printer.info("ended early: " + reason);
    if (!run.proof.empty()) printer.info("no proof was written");
    printer.finish(bound ? bound_line(*bound) : kNoBoundLine);
    // No destructors: other threads are still at work.
    _exit(is_defect ? kExitInternal : bound && run.proof.empty() ? kExitSuccess : kExitNoPlan);
  };
  Supervisor supervisor(end, end + grace, abandon, grace);
  const auto devices = choose_devices(*choice);
  if (!devices) return report_failure(kExitNoDevice, devices.error().message);
  const auto problem = read_instance(run.file, {.memory_limit = run.memory});
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  supervisor.begin_cooperation();
  ProgressTable table(printer, latest);
  const auto raised = raise_bound(*problem, bound_options(run), supervisor.stop(),
                                  [&](const BoundProgress& progress) { table.add(progress); });
  if (!raised) return report_failure(kExitBadInput, run.file + ": " + raised.error().message);
  if (raised->closed && raised->bound) printer.info("nothing is left to prove");
  Standing standing{raised->verdict, raised->bound};
  std::optional<Error> failure;
  if (!run.proof.empty()) failure = prove(run, *problem, supervisor.stop(), standing, printer);
  if (!supervisor.conclude()) return kExitNoPlan;
  const int status = deliver(printer, standing);
  return failure ? report_failure(kExitInternal, failure->message) : status;
}

}  // namespace

void add_bound_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<BoundRequest>();
  auto* command = app.add_subcommand(
      "bound", "certified lower bound on the cost of plans without forbidden entries");
  command->add_option("FILE", options->file, "instance")->required()->type_name("");
  command->add_option("SECONDS", options->seconds, "time limit, counted from process start")
      ->required()
      ->check(positive_seconds())
      ->type_name("");
  add_threads_option(*command, options->threads);
  add_memory_option(*command, options->memory);
  command->add_option("--incumbent", options->incumbent, "cost of a known plan, as a target")
      ->check(whole_number())
      ->type_name("COST");
  command
      ->add_option("--device", options->device,
                   "auto, cpu, cuda or cuda:N; of several GPUs the first works")
      ->capture_default_str()
      ->type_name("NAME");
  command
      ->add_option("--proof", options->proof,
                   "file for a proof that verify checks, gzipped if it ends in .gz; the bound is "
                   "then what it shows")
      ->type_name("FILE");
  command->callback([&selected, options] { selected = [options] { return bound(*options); }; });
}

}  // namespace warpshard::cli
