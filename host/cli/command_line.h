#pragma once

#include <functional>
#include <optional>
#include <string>

#include "host/cli/option_parser.h"

namespace warpshard::cli {

/// Parses the command line; a mistake is reported in one line on standard error.
/// The status to exit with, after --help, --version or a mistake; none: go on.
std::optional<int> parse_command_line(CLI::App& app, int argc, char** argv);

/// Reports what stopped the program in one line on standard error and returns `code`.
int report_failure(int code, const std::string& message);

/// `status`, unless it is success and standard output could not be written: that is reported.
int flushed(int status);

/// Runs `body`, which returns an exit status; reports what it throws in one line.
int guarded(const std::function<int()>& body);

/// Accepts a finite number above zero and at most a thousand million.
CLI::Validator positive_seconds();

/// Accepts a 64-bit integer in decimal digits.
CLI::Validator whole_number();

/// Accepts a number from zero to one.
CLI::Validator fraction();

/// Accepts what parse_device_choice() does: auto, cpu, cuda and cuda:N[,N...].
CLI::Validator device_name();

}  // namespace warpshard::cli
