#pragma once

namespace warpshard::cli {

/// What the programs' exit statuses mean; README.md lists them for users.
enum ExitCode : int {
  kExitSuccess = 0,
  kExitInternal = 1,     ///< out of memory, output that cannot be written, a defect
  kExitBadInput = 2,     ///< an instance, plan or proof
  kExitNoPlan = 3,       ///< no plan within the limit was found in time
  kExitNoDevice = 4,     ///< the device asked for is absent
  kExitInfeasible = 5,   ///< proved: no plan is within the limit
  kExitUsage = 64,       ///< the command line; sysexits.h calls it EX_USAGE
  kExitUnfinished = 75,  ///< tune: to be started again; sysexits.h calls it EX_TEMPFAIL
};

}  // namespace warpshard::cli
