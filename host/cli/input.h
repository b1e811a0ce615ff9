#pragma once

#include <cstdint>
#include <string>

#include "warpshard/load.h"
#include "warpshard/plan.h"

namespace warpshard::cli {

// What the programs read; "-" stands for standard input.
Result<Problem> read_instance(const std::string& path, const LoadOptions& options = {});
Result<Plan> read_plan(const std::string& path);
Result<Plan> read_hint(const std::string& path);

}  // namespace warpshard::cli
