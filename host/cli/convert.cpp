#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"
#include "warpshard/load.h"
#include "warpshard/save.h"

namespace warpshard::cli {
namespace {

struct ConvertOptions {
  std::string from;
  std::string to;
};

int convert(const ConvertOptions& options) {
  std::error_code ignored;
  if (std::filesystem::equivalent(options.from, options.to, ignored))
    return report_failure(kExitUsage, options.to + ": the same file twice");
  const auto problem = load_problem(options.from);
  if (!problem) return report_failure(kExitBadInput, problem.error().message);
  if (const auto error = save_problem(*problem, options.to))
    return report_failure(kExitInternal, error->message);
  const auto size = std::filesystem::file_size(options.to, ignored);
  std::printf("%s: %d nodes, %lld edges, %lld bytes\n", options.to.c_str(), problem->num_nodes(),
              static_cast<long long>(problem->num_edges()), static_cast<long long>(size));
  return kExitSuccess;
}

}  // namespace

void add_convert_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<ConvertOptions>();
  auto* command =
      app.add_subcommand("convert", "write an instance afresh: gzipped, unpacked, without extras");
  command->add_option("FROM", options->from, "instance")->required()->type_name("");
  command->add_option("TO", options->to, "file to write; gzipped if it ends in .gz")
      ->required()
      ->type_name("");
  command->callback([&selected, options] { selected = [options] { return convert(*options); }; });
}

}  // namespace warpshard::cli
