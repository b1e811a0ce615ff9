#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/run_options.h"
#include "host/cli/solve_run.h"
#include "host/cli/store_option.h"
#include "warpshard/parameters.h"

namespace warpshard::cli {
namespace {

/// When to stop before the time is over.
void add_stop_options(CLI::App& command, RunOptions& options) {
  command.add_option("--gap", options.gap, "stop once (cost - bound) / |bound| is at most this")
      ->capture_default_str()
      ->check(fraction())
      ->type_name("FRACTION");
  command.add_option("--target", options.target, "stop at a plan that costs at most this")
      ->check(whole_number())
      ->type_name("COST");
  auto* work_limit =
      command
          .add_option(
              "--work-limit", options.work_limit,
              "millions of units of work instead of time, about milliseconds of a core: same "
              "seed, same plan, whatever the threads")
          ->check(
              CLI::Range(std::int64_t{1}, std::int64_t{std::numeric_limits<std::int32_t>::max()})
                  .description(""))
          ->type_name("N");
  auto* checkpoint =
      command
          .add_option(
              "--checkpoint", options.checkpoint,
              "file that keeps the search's state; where it is there, the search goes on from it")
          ->needs(work_limit)
          ->type_name("FILE");
  command
      .add_option("--checkpoint-every", options.checkpoint_every,
                  "seconds between two writings of the checkpoint")
      ->capture_default_str()
      ->check(positive_seconds())
      ->needs(checkpoint)
      ->type_name("SECONDS");
}

struct FileOption {
  const char* names;
  std::string RunOptions::*path;
  const char* what;
};

constexpr std::array<FileOption, 6> kFileOptions{{
    {"--solution-in", &RunOptions::start_plan,
     "file with a plan to start from; repaired where it does not fit"},
    {"--hint", &RunOptions::hint,
     "file with a plan to begin with, null or -1 for nodes left to the solver"},
    {"--params", &RunOptions::parameters,
     "file with parameters of the search, JSON; see --dump-params"},
    {"--solution-out,--output", &RunOptions::output, "file for the plan, instead of the last line"},
    {"--proof", &RunOptions::proof,
     "file for a proof of the bound that verify checks, gzipped if it ends in .gz; takes the last "
     "fifth of the time"},
    {"--trace", &RunOptions::trace, "file for all events, one JSON object a line"},
}};

void add_file_options(CLI::App& command, RunOptions& options) {
  for (const FileOption& option : kFileOptions)
    command.add_option(option.names, options.*option.path, option.what)->type_name("FILE");
}

void add_store_options(CLI::App& command, RunOptions& options) {
  auto* store = add_store_option(command, options.store);
  command
      .add_flag("--require-plan", options.require_plan,
                "print the store's plan, or fail if it has none; no search")
      ->needs(store);
}

}  // namespace

void add_solve_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<RunOptions>();
  auto* command = app.add_subcommand("solve", "search for the cheapest plan within the limit");
  add_contest_options(*command, *options);
  add_stop_options(*command, *options);
  add_file_options(*command, *options);
  add_store_options(*command, *options);
  command
      ->add_flag_callback(
          "--dump-params",
          [] {
            std::fputs(format_parameters(Parameters{}).c_str(), stdout);
            throw CLI::Success();
          },
          "print the parameters of the search with their defaults")
      ->trigger_on_parse();
  command->add_flag("--log-json", options->json, "print events, one JSON object a line");
  command->add_flag_callback(
      "--quiet", [options] { options->log_level = LogLevel::kQuiet; }, "print the plan only");
  command->callback(
      [&selected, options] { selected = [options] { return run_solver(*options); }; });
}

}  // namespace warpshard::cli
