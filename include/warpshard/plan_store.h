#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "warpshard/cost.h"
#include "warpshard/evaluate.h"
#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/result.h"
#include "warpshard/solve.h"

// Plans and bounds that outlive a run. In the library where it was built with WARPSHARD_STORE.

namespace warpshard {

namespace store {

/// Which instance this is; each key is the 64 hexadecimal digits of a SHA-256. docs/store.md
/// specifies the bytes that are hashed; tools/store_key.py does the same independently.
struct Keys {
  /// Equal where every plan costs the same and is within the limit at the same times: names,
  /// duplicate, reversed and all-zero edges, and the scale of time do not matter.
  std::string exact;
  /// Equal where nodes have as many strategies and edges join the same nodes: plans can be carried
  /// over, though not their cost.
  std::string shape;
};

}  // namespace store

/// A file of a store that could not be used; it was left as it is.
struct StoreFault {
  std::string path;
  std::string reason;  ///< for a person to read, one line
};

/// A plan from a store, verified on this very instance after it was read.
struct StoredPlan {
  Plan plan;              ///< one strategy per node
  Evaluation evaluation;  ///< within the limit
  std::string source;     ///< what found it
  std::string version;    ///< of the program that wrote it
};

/// A bound from a store: the word of the version that wrote it, unless a proof lies beside.
struct StoredBound {
  Cost value;              ///< no plan within the limit costs less
  bool has_proof = false;  ///< a written one that can be checked; else that version recomputed it
  std::string version;     ///< of the program that wrote it
};

/// What a store knows about an instance.
struct StoreAnswer {
  std::optional<StoredPlan> plan;    ///< of least cost within the limit
  std::optional<StoredBound> bound;  ///< the greatest that no verified plan contradicts
  bool infeasible = false;           ///< a record says so and no verified plan contradicts
  std::int64_t attempts = 0;         ///< records read
  double seconds = 0;                ///< wall clock of all of them together
  std::vector<StoreFault> faults;

  /// relative_gap() from plan to bound, where both are known and it says something.
  WARPSHARD_EXPORT std::optional<double> gap() const;
  /// Nothing is left to do for who is content with `gap`.
  WARPSHARD_EXPORT bool settled(double gap) const;
};

/// What is to be written down about an attempt, beside its result.
struct AttemptFacts {
  std::string file;   ///< where the instance lay; may be empty
  std::string proof;  ///< text that proves the bound, as docs/proofs.md has it; empty: none
  std::uint64_t seed = 0;
  std::int64_t work_limit = 0;  ///< millions of units; 0: the attempt was limited by time
};

/// Those that a search's options tell.
WARPSHARD_EXPORT AttemptFacts facts_of(const SolverOptions& options, std::string file);

/// An instance as a store looks for it: computing its keys reads all of it, so it is done once.
struct KeyedProblem {
  /// `of` is valid and outlives this.
  // NOLINTNEXTLINE(google-explicit-constructor): wherever one is asked for
  WARPSHARD_EXPORT KeyedProblem(const Problem& of);

  const Problem& problem;
  store::Keys keys;
};

/// Plans and bounds that outlive a run: a directory of immutable records, to which any number of
/// processes on any number of machines may write at the same time. docs/store.md specifies it. Any
/// number of threads may use one.
class WARPSHARD_EXPORT PlanStore {
 public:
  /// `layers`: "DIR" or "DIR:DIR:...". All are read, the first is written to; "" in first place
  /// stands for none. Folders need not exist: one is made by the first write. Fails if no layer is
  /// named, or one is no folder.
  static Result<PlanStore> open(const std::string& layers);

  PlanStore(PlanStore&& other) noexcept;
  PlanStore& operator=(PlanStore&& other) noexcept;
  ~PlanStore();

  /// What is known about this very instance, whatever its name, the order of its edges or the
  /// scale of its time.
  StoreAnswer best(const KeyedProblem& instance) const;

  /// The best plan that can be had from instances of the same graph with other costs, usages or
  /// another limit, or that reduce to the same core: carried over, repaired and evaluated here. Of
  /// those that can be looked at until `deadline`, or soon after.
  std::optional<StoredPlan> neighbour(const KeyedProblem& instance,
                                      std::chrono::steady_clock::time_point deadline =
                                          std::chrono::steady_clock::time_point::max()) const;

  /// Writes down what an attempt found: plan, bound, status, effort. Atomic and durable: after a
  /// crash the record is there as a whole or not at all. What went wrong, if anything did (no layer
  /// is for writing, a disk is full, the plan is none of this instance or not within its limit);
  /// nothing in the store is harmed then. What could not be written is kept with this object, where
  /// best() finds it, and is written by the next add() that can.
  std::optional<Error> add(const KeyedProblem& instance, const AttemptFacts& facts,
                           const SolverResult& result) const;

  /// Tries once more to write what add() could not; how many records are unwritten still.
  std::int64_t write_unwritten() const;

 private:
  struct State;
  explicit PlanStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What the store knows as the result of a run; `gap`: what the caller is content with.
WARPSHARD_EXPORT SolverResult stored_result(StoreAnswer answer, double gap);

/// solve() with a memory. What the store settles (a proof, or a gap within options.gap) is returned
/// at once, with source "store". Otherwise the search starts from the stored plan or a neighbour's,
/// ends as soon as a stored bound makes its plan good enough, and what it found is added to the
/// store (but not by a run under a work limit that was interrupted: to do it again is to get the
/// same). `file`: where the instance lay, for the record; may be empty. `fault` is called, from
/// this thread, with what could not be read or written.
WARPSHARD_EXPORT SolverResult solve_with_store(const PlanStore& store, const KeyedProblem& instance,
                                               const SolverOptions& options,
                                               const SolverCallbacks& callbacks,
                                               const std::string& file,
                                               const std::function<void(const StoreFault&)>& fault);

}  // namespace warpshard
