#pragma once

#include <functional>

#include "tests/ptx/grid.h"
#include "tests/ptx/kernel_library.h"
#include "tests/ptx/monitor.h"

namespace warpshard::ptx {

/// The project's kernels, from the modules that the build made.
KernelLibrary& project_kernels();

/// The one that anneals without tabu search. Throws std::runtime_error if there is none.
const Kernel& annealing_kernel();

/// Who watches the launch of a kernel; null: nobody.
using ChooseMonitor = std::function<Monitor*(const Kernel& kernel, const GridShape& grid)>;

/// Lets the stand-in for CUDA interpret the project's kernels from now on.
void interpret_launches(ChooseMonitor choose = nullptr);

}  // namespace warpshard::ptx
