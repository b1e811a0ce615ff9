#pragma once

#include <string>
#include <vector>

#include "host/cli/option_parser.h"
#include "warpshard/plan_store.h"

namespace warpshard::cli {

/// --store, or the environment's WARPSHARD_STORE.
CLI::Option* add_store_option(CLI::App& app, std::string& store);

/// Says on standard error which files of a store could not be used.
void report_faults(const std::vector<StoreFault>& faults);

}  // namespace warpshard::cli
