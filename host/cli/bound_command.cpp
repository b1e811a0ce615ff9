#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "host/bound/prover.h"
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
#include "host/device/device_passes.h"
#include "host/io/output_file.h"
#include "host/portfolio/memory_needs.h"
#include "host/portfolio/threads.h"
#include "host/reduce/reduction.h"

namespace warpshard::cli {
namespace {

struct BoundOptions {
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

int no_bound(Printer& printer) {
  printer.info("there is no plan without forbidden entries");
  printer.finish(kNoBoundLine);
  return kExitSuccess;
}

/// What a run has come to.
struct Standing {
  std::optional<Int128> bound;
  bool none_allowed = false;  ///< there is no plan without forbidden entries
};

int deliver(Printer& printer, const Standing& standing) {
  if (standing.none_allowed) return no_bound(printer);
  if (!standing.bound) return report_failure(kExitInternal, "the bound cannot be certified");
  printer.finish(bound_line(*standing.bound));
  return kExitSuccess;
}

/// About once a second the log gets the certified bound. Ends before `end` if to certify once more
/// takes long.
void raise(Prover& prover, std::chrono::steady_clock::time_point end, const std::atomic<bool>& stop,
           Latest<std::optional<Int128>>& latest, Printer& printer) {
  using std::chrono::steady_clock;
  constexpr std::chrono::seconds kInterval{1};
  const auto begin = steady_clock::now();
  prover.certify();
  latest.set(prover.bound());
  end -= 2 * (steady_clock::now() - begin);
  std::optional<Int128> incumbent;
  const auto found = [&](const Assignment& /*values*/, Int128 finite_cost) {
    incumbent = finite_cost;
  };
  while (!stop && steady_clock::now() < end && !prover.closed()) {
    prover.run(StopToken(stop, std::min(end, steady_clock::now() + kInterval)), found);
    Progress progress;
    progress.seconds = seconds_since_start();
    if (incumbent) progress.incumbent = Cost{0, *incumbent};
    const auto bound = prover.bound();
    if (bound) progress.bound = Cost{0, *bound};
    latest.set(bound);
    progress.note = prover.num_nodes() > 0 ? std::to_string(prover.num_nodes()) + " parts"
                                           : std::to_string(prover.rounds()) + " rounds";
    printer.info(table_row(progress, std::nullopt));
  }
  if (prover.closed()) printer.info("nothing is left to prove");
}

int bound(const BoundOptions& options) {
  const auto choice = parse_device_choice(options.device);
  if (!choice) return report_failure(kExitUsage, choice.error().message);
  if (!options.proof.empty())
    if (const auto error = io::probe_output(options.proof))
      return report_failure(kExitInternal, error->message);
  Printer printer(LogLevel::kInfo);
  // To write and to check a proof takes its time on large instances.
  const std::chrono::milliseconds grace(options.proof.empty() ? 400 : 5000);
  const auto end = after_start(options.seconds);
  Latest<std::optional<Int128>> latest;
  const auto abandon = [&](const std::string& reason, bool is_defect) {
    const auto bound = latest.get();
    printer.info("ended early: " + reason);
    if (!options.proof.empty()) printer.info("no proof was written");
    printer.finish(bound ? bound_line(*bound) : kNoBoundLine);
    // No destructors: other threads are still at work.
    _exit(is_defect ? kExitInternal : bound && options.proof.empty() ? kExitSuccess : kExitNoPlan);
  };
  Supervisor supervisor(end, end + grace, abandon, grace);
  const auto devices = choose_devices(*choice, cuda_devices());
  if (!devices) return report_failure(kExitNoDevice, devices.error().message);
  const auto problem = read_instance(options.file, {.memory_limit = options.memory});
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  if (const auto refusal = refuse_memory({options.memory, resident_memory()},
                                         memory_to_reduce(*problem), "reducing the instance"))
    return report_failure(kExitBadInput, options.file + ": " + refusal->message);
  const auto reduction = reduce_problem(*problem);
  if (!reduction)
    return report_failure(kExitBadInput, options.file + ": " + reduction.error().message);
  if (reduction->verdict != ReductionVerdict::kOpen || reduction->allow_forbidden) {
    printer.info("proved: " + reduction->description());
    printer.finish(kNoBoundLine);
    return reduction->verdict == ReductionVerdict::kInfeasible ? kExitInfeasible : kExitNoPlan;
  }

  const Model model = reduction->reducer.model();
  const MemoryLimit memory{options.memory, resident_memory()};
  const SearchMemory needs = memory_to_prove(model, std::min<std::size_t>(devices->gpus.size(), 1));
  if (const auto refusal = refuse_memory(memory, needs.total(0), "bounding the instance"))
    return report_failure(kExitBadInput, options.file + ": " + refusal->message);
  const FlatModel flat(model);
  ProverOptions proof;
  proof.threads =
      threads_that_fit(memory, needs, options.threads > 0 ? options.threads : default_threads());
  proof.part_bytes = room_for_parts(memory, needs.total(proof.threads));
  if (!devices->gpus.empty()) {
    proof.order = SweepOrder::kColour;
    proof.passes =
        make_passes_on(devices->gpus.front(), [&](const std::string& line) { printer.info(line); });
  }
  proof.branch = proof.threads > 0;
  auto prover = std::make_unique<Prover>(model, flat, proof);
  if (options.incumbent) prover->set_incumbent(Int128{*options.incumbent});
  supervisor.begin_cooperation();
  printer.info(table_header());
  const auto raised = options.proof.empty() ? end : after_start(kRaiseShare * options.seconds);
  raise(*prover, raised, supervisor.stop(), latest, printer);
  prover->certify();
  Standing standing{prover->bound(), prover->none_allowed()};
  prover.reset();
  std::optional<Error> failure;
  if (!options.proof.empty()) {
    WrittenProofOptions writing;
    writing.goal = standing.bound.value_or(0);
    writing.threads = std::max(proof.threads, 1);
    writing.part_bytes = proof.part_bytes;
    const StopToken stop(supervisor.stop(), after_start(kProofShare * options.seconds));
    writing.ascent_end = halfway(stop.deadline());
    const auto written = write_proof(options.proof, *problem, writing, stop);
    if (written) {
      standing = {written->bound, !written->bound};
      printer.info(describe_proof(options.proof, *written));
    } else {
      failure = written.error();
    }
  }
  if (!supervisor.conclude()) return kExitNoPlan;
  const int status = deliver(printer, standing);
  return failure ? report_failure(kExitInternal, failure->message) : status;
}

}  // namespace

void add_bound_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<BoundOptions>();
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
