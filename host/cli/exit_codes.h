#pragma once

namespace warpshard::cli {

/// What the programs' exit statuses mean; README.md lists them for users.
enum ExitCode : int {
  kExitSuccess = 0,
  kExitInternal = 1,  ///< out of memory, output that cannot be written, a defect
  kExitBadInput = 2,  ///< command line, instance or plan
  kExitNoPlan = 3,    ///< no plan within the limit was found, or none exists
  kExitNoDevice = 4,  ///< the device asked for is absent
};

}  // namespace warpshard::cli
