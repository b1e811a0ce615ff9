#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/exit_codes.h"

namespace warpshard::cli {
namespace {

struct PlotOptions {
  std::string trace;
  std::string picture;
};

/// The script that draws: installed beside the program, or in the sources it was built from. Empty
/// if there is none.
std::filesystem::path find_script() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  for (const char* place : {"../share/warpshard/plot_trace.py", "../../../tools/plot_trace.py"}) {
    auto script = (program.parent_path() / place).lexically_normal();
    if (std::filesystem::exists(script, failed)) return script;
  }
  return {};
}

int plot(const PlotOptions& options) {
  const auto script = find_script();
  if (script.empty())
    return report_failure(kExitInternal, "plot_trace.py is not installed beside the program");
  const char* chosen = std::getenv("PYTHON");
  std::string python = chosen != nullptr && *chosen != '\0' ? chosen : "python3";
  std::string path = script.string();
  std::string trace = options.trace;
  std::string picture = options.picture;
  std::array<char*, 5> argv{python.data(), path.data(), trace.data(), picture.data(), nullptr};
  pid_t child = 0;
  int error = posix_spawnp(&child, python.c_str(), nullptr, nullptr, argv.data(), environ);
  int status = 0;
  if (error == 0) waitpid(child, &status, 0);
  // A system that cannot tell at once lets the child end with this status.
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) error = ENOENT;
  if (error != 0)
    return report_failure(kExitInternal,
                          "drawing needs Python: " + python + ": " + std::strerror(error));
  return WIFEXITED(status) ? WEXITSTATUS(status) : kExitInternal;
}

}  // namespace

void add_plot_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<PlotOptions>();
  auto* command = app.add_subcommand("plot", "draw a run that `solve --trace` recorded");
  command->add_option("TRACE", options->trace, "file of events")->required()->type_name("");
  command->add_option("-o,--output", options->picture, "picture to write: .png, .svg, .pdf")
      ->required()
      ->type_name("FILE");
  command->callback([&selected, options] { selected = [options] { return plot(*options); }; });
}

}  // namespace warpshard::cli
