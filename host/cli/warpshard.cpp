// The program for everything but the contest: warpshard SUBCOMMAND.

#include <CLI/CLI.hpp>
#include <csignal>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "warpshard/version.h"

int main(int argc, char** argv) {
  using namespace warpshard::cli;
  return guarded([&] {
    std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away must not cut a run short
    CLI::App app("Sharding strategies for ML graphs: minimal cost under a memory limit.",
                 "warpshard");
    app.set_version_flag("--version", WARPSHARD_VERSION);
    app.require_subcommand(1);
    Command selected;
    add_solve_command(app, selected);
    add_info_command(app, selected);
    add_bound_command(app, selected);
    add_evaluate_command(app, selected);
    add_verify_command(app, selected);
    add_convert_command(app, selected);
    add_generate_command(app, selected);
    add_bench_command(app, selected);
    add_plot_command(app, selected);
    add_store_command(app, selected);
    add_tune_command(app, selected);
    if (const auto status = parse_command_line(app, argc, argv)) return *status;
    return flushed(selected());
  });
}
