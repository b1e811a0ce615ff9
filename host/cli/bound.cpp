#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "host/bound/certificate.h"
#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "host/cli/format.h"
#include "host/cli/printer.h"
#include "host/cli/process_clock.h"
#include "host/cli/proof.h"
#include "host/cli/reduction.h"
#include "host/cli/run_options.h"
#include "host/cli/supervisor.h"
#include "host/io/load.h"
#include "host/search/device_choice.h"
#include "host/search/device_passes.h"

namespace warpshard::cli {
namespace {

struct BoundOptions {
  std::string file;
  double seconds = 0;
  std::uint64_t seed = 1;
  int threads = 0;
  std::optional<double> incumbent;
  std::string device = "cpu";
  std::string certificate;
};

constexpr const char* kNoBoundLine = "bound none";

int deliver(const BoundOptions& options, Printer& printer, const Model& model,
            const Certificate& certificate) {
  const auto certified = certified_bound(model, certificate);
  if (!certified) return report_failure(kExitInternal, certified.error().message);
  if (!options.certificate.empty()) {
    if (!save_certificate(options.certificate, certificate))
      return report_failure(kExitInternal,
                            options.certificate + ": the certificate cannot be written");
    printer.info("certificate written to " + options.certificate);
  }
  if (certified->none_allowed) printer.info("there is no plan without forbidden entries");
  printer.finish(certified->none_allowed ? kNoBoundLine : "bound " + to_string(certified->bound));
  return kExitSuccess;
}

int bound(const BoundOptions& options) {
  const auto choice = parse_device_choice(options.device);
  if (!choice) return report_failure(kExitUsage, choice.error().message);
  Printer printer(LogLevel::kInfo);
  // Making the bound exact takes its time on large instances.
  constexpr std::chrono::seconds kGrace{5};
  const auto end = after_start(options.seconds);
  const auto abandon = [&](const std::string& reason) {
    printer.info("ended without a bound: " + reason);
    printer.finish(kNoBoundLine);
    _exit(kExitNoPlan);  // no destructors: other threads are still at work
  };
  Supervisor supervisor(end, end + kGrace, abandon, kGrace);
  const auto devices = choose_devices(*choice, cuda_devices());
  if (!devices) return report_failure(kExitNoDevice, devices.error().message);
  const auto problem = load_problem(options.file);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  const auto reduction = reduce_problem(*problem);
  if (!reduction)
    return report_failure(kExitBadInput, options.file + ": " + reduction.error().message);
  if (reduction->verdict != ReductionVerdict::kOpen || reduction->allow_forbidden) {
    printer.info("proved: " + reduction->description());
    printer.finish(kNoBoundLine);
    return reduction->verdict == ReductionVerdict::kInfeasible ? kExitInfeasible : kExitNoPlan;
  }

  const Model model = reduction->reducer.model();
  ProofOptions proof;
  proof.end = end;
  proof.seed = options.seed;
  proof.threads = options.threads;
  proof.incumbent = options.incumbent;
  if (!devices->gpus.empty()) {
    proof.order = SweepOrder::kColour;
    proof.passes =
        make_passes_on(devices->gpus.front(), [&](const std::string& line) { printer.info(line); });
  }
  supervisor.begin_cooperation();
  const auto certificate = prove(model, proof, supervisor.stop(), [&](const DualAscent& ascent) {
    Progress progress;
    progress.seconds = seconds_since_start();
    progress.bound = static_cast<Int128>(ascent.bound());
    progress.note = std::to_string(ascent.rounds()) + " rounds";
    printer.info(describe(progress));
  });
  if (!supervisor.conclude()) return kExitNoPlan;
  return deliver(options, printer, model, certificate);
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
  command->add_option("--seed", options->seed, "seed of all random decisions")
      ->capture_default_str()
      ->type_name("N");
  add_threads_option(*command, options->threads);
  command->add_option("--incumbent", options->incumbent, "cost of a known plan, as a target")
      ->type_name("COST");
  command
      ->add_option("--device", options->device,
                   "auto, cpu, cuda or cuda:N; of several GPUs the first works")
      ->capture_default_str()
      ->type_name("NAME");
  command->add_option("--certificate", options->certificate, "file for prices and messages")
      ->type_name("FILE");
  command->callback([&selected, options] { selected = [options] { return bound(*options); }; });
}

}  // namespace warpshard::cli
