#include "host/cli/run_options.h"

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "host/cli/command_line.h"

namespace warpshard::cli {
namespace {

/// Turns a level's name into its number, which is what an option of enumeration type reads.
CLI::Validator log_level_name() {
  return {[](std::string& text) -> std::string {
            static const std::map<std::string, LogLevel> levels{{"quiet", LogLevel::kQuiet},
                                                                {"info", LogLevel::kInfo},
                                                                {"debug", LogLevel::kDebug}};
            const auto level = levels.find(text);
            if (level == levels.end())
              return "'" + text + "' is not a log level: quiet, info or debug";
            text = std::to_string(static_cast<int>(level->second));
            return {};
          },
          ""};
}

}  // namespace

void add_threads_option(CLI::App& app, int& threads) {
  constexpr int kMostThreads = 4096;
  app.add_option("--threads", threads, "CPU threads; 0: one per core")
      ->capture_default_str()
      ->check(CLI::Range(0, kMostThreads).description(""))
      ->type_name("N");
}

void add_contest_options(CLI::App& app, RunOptions& options) {
  app.add_option("FILE", options.file, "instance, JSON or gzipped JSON; - for standard input")
      ->required()
      ->type_name("");
  app.add_option("SECONDS", options.seconds, "time limit, counted from process start")
      ->required()
      ->check(positive_seconds())
      ->type_name("");
  app.add_option("--seed", options.seed, "seed of all random decisions")
      ->capture_default_str()
      ->type_name("N");
  add_threads_option(app, options.threads);
  add_memory_option(app, options.memory);
  app.add_option("--device", options.device,
                 "where to search: auto, cpu, cpu-population[:THREADS], cuda or cuda:N,...")
      ->capture_default_str()
      ->check(device_name())
      ->type_name("NAME");
  app.add_option("--log-level", options.log_level, "lines that start with #: quiet, info or debug")
      ->transform(log_level_name())
      ->default_str("info")
      ->type_name("NAME");
}

}  // namespace warpshard::cli
