// The contest's program: iopddl FILE SECONDS.

#include <CLI/CLI.hpp>
#include <csignal>

#include "host/cli/command_line.h"
#include "host/cli/run_options.h"
#include "host/cli/solve_run.h"
#include "warpshard/version.h"

int main(int argc, char** argv) {
  using namespace warpshard::cli;
  return guarded([&] {
    std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away must not cut the run short
    CLI::App app("Prints the cheapest plan within the limit that SECONDS allow to find.", "iopddl");
    app.set_version_flag("--version", WARPSHARD_VERSION);
    RunOptions options;
    add_contest_options(app, options);
    if (const auto status = parse_command_line(app, argc, argv)) return *status;
    return run_solver(options);
  });
}
