#pragma once

#include <vector>

#include "tests/ptx/kernel.h"

namespace warpshard::ptx {

/// Issue slots that each instruction is likely to take once ptxas has made machine code of it: it
/// splits wide integers and divisions, and folds moves, extensions and scaled addresses into
/// others. Spills are not foreseen.
std::vector<float> issue_slots(const Kernel& kernel);

}  // namespace warpshard::ptx
