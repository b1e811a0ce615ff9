#pragma once

#include <atomic>
#include <optional>

#include "host/cli/run_log.h"
#include "host/cli/run_options.h"
#include "warpshard/cost.h"
#include "warpshard/plan_store.h"
#include "warpshard/problem.h"
#include "warpshard/solve.h"

namespace warpshard::cli {

/// A run with the store that its options name, if they do. What the store cannot do is logged: it
/// costs no plan.
class StoredRun {
 public:
  /// All must outlive it, and so must the problem that is solved.
  StoredRun(const RunOptions& options, RunLog& log);

  /// solve() with the store. Where a plan is required it comes from there, or the result has none
  /// and its message says why.
  SolverResult solve(const Problem& problem, const SolverOptions& solving,
                     const SolverCallbacks& callbacks);

  /// Adds the proof that the options name a file for, with the bound it shows; after solve().
  void add_proof(const Cost& bound);

  /// For a run that does not return: adds what it has so far. From any thread; takes a second at
  /// most, and the process has to end then. What went wrong, if anything did.
  std::optional<Error> add_interim(const SolverResult& sofar);

 private:
  SolverResult required(const Problem& problem, double gap);

  const RunOptions& options_;
  RunLog& log_;
  Result<PlanStore> store_;
  AttemptFacts facts_;                    ///< of the search
  std::optional<KeyedProblem> instance_;  ///< that it is given
  std::atomic<bool> begun_{false};        ///< both are there
};

}  // namespace warpshard::cli
