#pragma once

#include "host/cli/option_parser.h"

namespace warpshard::cli {

/// Turns "90", "90s", "30m" or "8h" into seconds; above 0.
CLI::Validator duration();

/// Turns "0.001" or "0.1%" into a share of 1; from 0 to 1.
CLI::Validator share();

}  // namespace warpshard::cli
