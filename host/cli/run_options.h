#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/cli/memory_option.h"
#include "host/cli/option_parser.h"
#include "host/cli/printer.h"

namespace warpshard::cli {

/// What the user asked of a run that searches.
struct RunOptions {
  std::string file;
  double seconds = 0;
  std::uint64_t seed = 1;
  int threads = 0;
  std::string device = "auto";
  LogLevel log_level = LogLevel::kInfo;
  std::int64_t memory = default_memory();  ///< bytes that the process may have
  double gap = 0;
  std::optional<std::int64_t> target;  ///< cost to stop at
  std::int64_t work_limit = 0;         ///< see SolverOptions; 0: no limit
  std::string start_plan;              ///< file with a plan to start from; empty: none
  std::string hint;                    ///< file with a part of a plan; empty: none
  std::string parameters;              ///< file with the search's parameters; empty: the defaults
  std::string checkpoint;              ///< file with the state of a counted run; empty: none
  double checkpoint_every = 60;        ///< seconds between two writings of that
  std::string output;                  ///< file the plan goes to; empty: standard output
  std::string proof;                   ///< file for the proof of a bound; empty: none
  std::string store;                   ///< folders of a plan store, joined by ':'; empty: none
  bool require_plan = false;           ///< take the plan from the store or fail; do not search
  std::string trace;                   ///< file for all events; empty: none
  bool json = false;                   ///< log lines are JSON
};

/// --threads; 0 stands for one per core.
void add_threads_option(CLI::App& app, int& threads);

/// FILE, SECONDS, --seed, --threads, --memory, --device and --log-level.
void add_contest_options(CLI::App& app, RunOptions& options);

}  // namespace warpshard::cli
