#pragma once

#include <span>
#include <string>

#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard {

/// "[0, 3, 1]": the contest's format, no newline.
std::string format_plan(std::span<const std::int32_t> plan);

/// Reads a plan of which parts are open: entries may be null or -1, and come back as -1.
Result<Plan> load_hint(const std::string& path);

/// Reads a plan from a file's last line that is not blank (lines before it are ignored); the file
/// may be gzipped, and begin with a byte order mark.
Result<Plan> load_plan(const std::string& path);

}  // namespace warpshard
