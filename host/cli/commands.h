#pragma once

#include <functional>

#include "host/cli/option_parser.h"

namespace warpshard::cli {

/// What the command line selected; returns the exit status.
using Command = std::function<int()>;

// Each adds one subcommand of `warpshard` to `app`; parsing it sets `selected`.
void add_info_command(CLI::App& app, Command& selected);
void add_solve_command(CLI::App& app, Command& selected);
void add_verify_command(CLI::App& app, Command& selected);
void add_evaluate_command(CLI::App& app, Command& selected);
void add_convert_command(CLI::App& app, Command& selected);
void add_bound_command(CLI::App& app, Command& selected);
void add_bench_command(CLI::App& app, Command& selected);
void add_generate_command(CLI::App& app, Command& selected);
void add_plot_command(CLI::App& app, Command& selected);
void add_store_command(CLI::App& app, Command& selected);
void add_tune_command(CLI::App& app, Command& selected);

}  // namespace warpshard::cli
