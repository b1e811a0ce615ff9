// warpshard tune ...: many instances over one store, for hours.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/duration_option.h"
#include "host/cli/exit_codes.h"
#include "host/cli/memory_option.h"
#include "host/cli/run_options.h"
#include "host/cli/store_option.h"
#include "host/cli/store_table.h"
#include "host/cli/tune_report.h"
#include "host/cli/tune_view.h"
#include "host/cli/tuned_time.h"
#include "host/store/durable_file.h"
#include "host/store/layers.h"
#include "host/tune/shard.h"
#include "host/tune/tuned_files.h"
#include "host/tune/tuner.h"

namespace warpshard::cli {
namespace {

struct TuneOptions {
  std::string store;
  std::vector<std::string> paths;  ///< files and folders
  std::vector<std::string> weights;
  std::string shard;  ///< empty: what the launcher says
  std::string output = "report.html";
  bool leases = true;
  bool json = false;
  tune::TunerOptions tuner;
};

std::atomic<bool> g_stop{false};  // NOLINT(readability-identifier-naming)

/// The first signal ends slices and writes down what they found; a second one ends the process,
/// which costs no record either. Whoever started the process may have blocked them.
void stop_on_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  struct sigaction action {};
  action.sa_handler = [](int) { g_stop = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGXCPU}) {
    sigaction(signal, &action, nullptr);
    sigaddset(&signals, signal);
  }
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<tune::Shard> shard_of(const TuneOptions& options) {
  if (!options.shard.empty()) return tune::parse_shard(options.shard, environment);
  return tune::shard_from(environment).value_or(tune::Shard{});
}

/// Which run this is, for the time it has left: the same command is the same run.
std::string identity_of(const TuneOptions& options, const tune::Shard& shard) {
  std::string identity = std::to_string(shard.index) + "/" + std::to_string(shard.count) + " " +
                         std::to_string(options.tuner.seconds);
  for (const std::string& path : options.paths) identity += "\n" + path;
  return identity;
}

/// Seconds left of --for after runs that were broken off; the options' own if none was.
tune::TunerOptions remaining(const TuneOptions& options, const TunedTime& time) {
  tune::TunerOptions tuner = options.tuner;
  constexpr double kLeast = 1e-3;  // 0 would be no limit
  if (tuner.seconds > 0) tuner.seconds = std::max(kLeast, tuner.seconds - time.before());
  return tuner;
}

int tune_all(const TuneOptions& options) {
  const auto layers = store::Layers::parse(options.store);
  if (!layers) return report_failure(kExitUsage, layers.error().message);
  if (layers->writable() == nullptr)
    return report_failure(kExitUsage, "no layer of the store is for writing");
  if (options.paths.empty()) return report_failure(kExitUsage, "no instances are named");
  const auto store = PlanStore::open(options.store);
  const auto shard = shard_of(options);
  if (!shard) return report_failure(kExitUsage, shard.error().message);
  const auto files = tune::tuned_files(options.paths, options.weights, *shard);
  if (!files) return report_failure(kExitBadInput, files.error().message);

  const std::string folder = layers->writable()->path();
  TunedTime time(folder + "/tune", identity_of(options, *shard));
  tune::Tuner tuner(*store, *files, remaining(options, time),
                    options.leases ? folder + "/leases" : "");
  TuneView view(tuner, options.json, shard->count == 1);
  stop_on_signals();
  tune::TunerObserver observer;
  observer.on_slice = [&](const tune::TunedInstance& instance) { view.slice(instance); };
  observer.on_fault = [&](const StoreFault& fault) { view.fault(fault); };
  observer.on_tick = [&] {
    view.tick();
    time.tick();
  };
  const bool finished = tuner.run(g_stop, observer);
  time.end(finished);
  const std::int64_t unwritten = store->write_unwritten();
  view.finish(finished && unwritten == 0, unwritten);
  if (!finished || unwritten > 0) return kExitUnfinished;
  const auto skipped = [](const tune::TunedInstance& instance) { return !instance.error.empty(); };
  const auto& instances = tuner.instances();
  const bool nothing_good = !instances.empty() && std::ranges::all_of(instances, skipped);
  return nothing_good ? kExitBadInput : kExitSuccess;
}

int status(const TuneOptions& options) {
  const auto layers = store::Layers::parse(options.store);
  if (!layers) return report_failure(kExitUsage, layers.error().message);
  std::vector<StoreFault> faults;
  print_summaries(summaries_of(*layers, faults));
  report_faults(faults);
  return kExitSuccess;
}

int report(const TuneOptions& options) {
  const auto layers = store::Layers::parse(options.store);
  if (!layers) return report_failure(kExitUsage, layers.error().message);
  std::vector<StoreFault> faults;
  const std::string page = tune_report(*layers, faults);
  report_faults(faults);
  if (auto error = store::write_durably(options.output, page))
    return report_failure(kExitInternal, error->message);
  std::printf("report written to %s\n", options.output.c_str());
  return kExitSuccess;
}

void add_limits(CLI::App& command, TuneOptions& options) {
  command.add_option("--for", options.tuner.seconds, "wall clock, such as 90s, 30m or 8h")
      ->transform(duration())
      ->type_name("TIME");
  command
      .add_option("--until-gap", options.tuner.gap, "an instance is done at that gap: 0.001, 0.1%")
      ->transform(share())
      ->type_name("GAP");
  command
      .add_option("--work-limit", options.tuner.work_limit,
                  "epochs per slice instead of time: the same plans, whatever the machines")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command.add_option("--slices", options.tuner.slices, "of each instance, under --work-limit")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command.add_option("--first-slice", options.tuner.length.first, "seconds of the first slices")
      ->capture_default_str()
      ->check(positive_seconds())
      ->type_name("S");
  command.add_option("--longest-slice", options.tuner.length.longest, "seconds")
      ->capture_default_str()
      ->check(positive_seconds())
      ->type_name("S");
}

void add_machine(CLI::App& command, TuneOptions& options) {
  add_threads_option(command, options.tuner.threads);
  add_memory_option(command, options.tuner.memory);
  command.add_option("--device", options.tuner.device, "where slices search")
      ->capture_default_str()
      ->check(device_name())
      ->type_name("NAME");
  command.add_option("--seed", options.tuner.seed, "of the first slice of each instance")
      ->capture_default_str()
      ->type_name("N");
  command
      .add_option("--shard", options.shard,
                  "the part this process works on: I/N, or /N with I from the launcher")
      ->type_name("I/N");
  command.add_flag("!--no-leases", options.leases,
                   "do not tell other processes what this one works on");
}

}  // namespace

void add_tune_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<TuneOptions>();
  options->tuner.memory = default_memory();
  auto* command = app.add_subcommand("tune", "many instances over one store, for hours");
  command->add_option("STORE", options->store, "folder of the plan store")->type_name("");
  command->add_option("FILES", options->paths, "instances, and folders with instances")
      ->type_name("");
  command->add_option("--weight", options->weights, "what an instance counts, by file name")
      ->type_name("NAME=W");
  command->add_flag("--json", options->json, "one JSON object for each slice");
  add_limits(*command, *options);
  add_machine(*command, *options);
  command->callback([&selected, options] {
    if (!selected) selected = [options] { return tune_all(*options); };
  });
  const auto add = [&](const char* name, const char* what, int (*run)(const TuneOptions&)) {
    auto* action = command->add_subcommand(name, what);
    action->add_option("STORE", options->store, "folder of the plan store")
        ->required()
        ->type_name("");
    action->callback([&selected, options, run] { selected = [=] { return run(*options); }; });
    return action;
  };
  add("status", "a table of the instances in a store", status);
  add("report", "an HTML page about the instances in a store", report)
      ->add_option("-o,--output", options->output, "file")
      ->capture_default_str()
      ->type_name("FILE");
}

}  // namespace warpshard::cli
