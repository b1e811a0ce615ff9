#pragma once

#include "host/cli/printer.h"
#include "host/cli/run_log.h"
#include "host/cli/run_options.h"
#include "warpshard/problem.h"
#include "warpshard/solve.h"

namespace warpshard::cli {

/// Hands over what a run found, to standard output or to the file asked for. Every member returns
/// the exit status.
class Delivery {
 public:
  /// All must outlive it.
  Delivery(const RunOptions& options, Printer& printer, RunLog& log)
      : options_(options), printer_(printer), log_(log) {}

  /// A result. Where the solver gave up, that is said, and `latest` handed over if there is one.
  int result(const Problem& problem, const SolverResult& result, const Plan& latest);

  /// The plan of a run that ended early; empty: there is none.
  int latest(const Plan& plan);

 private:
  /// A plan that its file cannot take is printed, and the reason reported.
  int plan(const Plan& plan);
  int no_plan(int status);
  int failure(const SolverResult& result, const Plan& latest);

  const RunOptions& options_;
  Printer& printer_;
  RunLog& log_;
};

}  // namespace warpshard::cli
