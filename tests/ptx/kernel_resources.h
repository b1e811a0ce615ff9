#pragma once

#include <string>

namespace warpshard::ptx {

/// What ptxas needs for one thread of a kernel.
struct KernelResources {
  int registers = -1;
  int spill_stores = -1;  ///< bytes
  int spill_loads = -1;   ///< bytes
};

/// Assembles the annealing kernel for an architecture, such as "sm_90", and reads what ptxas says.
/// Throws std::runtime_error if it says something else.
KernelResources annealing_resources(const std::string& architecture);

}  // namespace warpshard::ptx
