#include "host/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <new>

#include "host/cli/escape.h"
#include "host/cli/exit_codes.h"
#include "host/device/device_choice.h"

namespace warpshard::cli {
namespace {

std::string g_program_name = "warpshard";  // NOLINT(readability-identifier-naming)

template <typename Number>
std::optional<Number> parse_number(const std::string& text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

int report_failure(int code, const std::string& message) {
  const std::string line = escaped(g_program_name + ": " + message) + '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
  return code;
}

int flushed(int status) {
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (written || status != kExitSuccess) return status;
  return report_failure(kExitInternal, "cannot write standard output");
}

int guarded(const std::function<int()>& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return report_failure(kExitInternal, "out of memory");
  } catch (const std::exception& exception) {
    return report_failure(kExitInternal, exception.what());
  }
}

std::optional<int> parse_command_line(CLI::App& app, int argc, char** argv) {
  g_program_name = app.get_name();
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& request) {  // --help, --version
    return app.exit(request);
  } catch (const CLI::ParseError& error) {
    return report_failure(kExitUsage, std::string(error.what()) + " (--help shows the usage)");
  }
  return std::nullopt;
}

CLI::Validator positive_seconds() {
  return {[](std::string& text) -> std::string {
            constexpr double kLongest = 1e9;
            const auto value = parse_number<double>(text);
            if (value && *value > 0 && *value <= kLongest) return {};
            return "'" + text + "' is not a number of seconds above 0";
          },
          ""};
}

CLI::Validator whole_number() {
  return {[](std::string& text) -> std::string {
            if (parse_number<std::int64_t>(text)) return {};
            return "'" + text + "' is not a whole number of 64 bits";
          },
          ""};
}

CLI::Validator fraction() {
  return {[](std::string& text) -> std::string {
            const auto value = parse_number<double>(text);
            if (value && *value >= 0 && *value <= 1) return {};
            return "'" + text + "' is not a number from 0 to 1";
          },
          ""};
}

CLI::Validator device_name() {
  return {[](std::string& text) -> std::string {
            const auto choice = parse_device_choice(text);
            return choice ? std::string() : choice.error().message;
          },
          ""};
}

}  // namespace warpshard::cli
