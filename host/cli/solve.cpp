#include <memory>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/run_options.h"
#include "host/cli/solve_run.h"

namespace warpshard::cli {

void add_solve_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<RunOptions>();
  auto* command = app.add_subcommand("solve", "search for the cheapest plan within the limit");
  add_contest_options(*command, *options);
  command->add_option("--gap", options->gap, "stop once (cost - bound) / |bound| is at most this")
      ->capture_default_str()
      ->check(fraction())
      ->type_name("FRACTION");
  command->add_option("--output", options->output, "file for the plan, instead of the last line")
      ->type_name("FILE");
  command->callback(
      [&selected, options] { selected = [options] { return run_solver(*options); }; });
}

}  // namespace warpshard::cli
