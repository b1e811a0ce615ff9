#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/escape.h"
#include "host/cli/exit_codes.h"
#include "host/cli/input.h"
#include "host/io/output_file.h"
#include "warpshard/save.h"

namespace warpshard::cli {
namespace {

struct ConvertOptions {
  std::string from;
  std::string to;
};

/// The instance is to be all that standard output gets.
bool is_standard_output(const std::string& path) {
  struct stat named {};
  struct stat output {};
  return stat(path.c_str(), &named) == 0 && fstat(STDOUT_FILENO, &output) == 0 &&
         named.st_dev == output.st_dev && named.st_ino == output.st_ino;
}

int convert(ConvertOptions options) {
  if (options.to == "-") options.to = "/dev/stdout";
  std::error_code ignored;
  if (std::filesystem::equivalent(options.from, options.to, ignored))
    return report_failure(kExitUsage, options.to + ": the same file twice");
  if (const auto error = io::probe_output(options.to))
    return report_failure(kExitInternal, error->message);
  const auto problem = read_instance(options.from);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  if (const auto error = save_problem(*problem, options.to))
    return report_failure(kExitInternal, error->message);
  const auto size = std::filesystem::file_size(options.to, ignored);
  auto line = escaped(options.to) + ": " + std::to_string(problem->num_nodes()) + " nodes, " +
              std::to_string(problem->num_edges()) + " edges";
  if (!ignored) line += ", " + std::to_string(size) + " bytes";
  std::fprintf(is_standard_output(options.to) ? stderr : stdout, "%s\n", line.c_str());
  return kExitSuccess;
}

}  // namespace

void add_convert_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<ConvertOptions>();
  auto* command =
      app.add_subcommand("convert", "write an instance afresh: gzipped, unpacked, without extras");
  command->add_option("FROM", options->from, "instance; - for standard input")
      ->required()
      ->type_name("");
  command
      ->add_option("TO", options->to,
                   "file to write, gzipped if it ends in .gz; - for standard output")
      ->required()
      ->type_name("");
  command->callback([&selected, options] { selected = [options] { return convert(*options); }; });
}

}  // namespace warpshard::cli
