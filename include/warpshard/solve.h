#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "warpshard/cost.h"
#include "warpshard/evaluate.h"
#include "warpshard/export.h"
#include "warpshard/parameters.h"
#include "warpshard/problem.h"

namespace warpshard {

/// What memory is worth at a time.
struct TimePrice {
  std::int64_t time = 0;  ///< as in Problem::intervals
  double price = 0;       ///< cost units per memory unit, not negative
};

/// How long, how wide and how exactly to search.
struct SolverOptions {
  /// Seconds after `start` at which solve() must have returned.
  double deadline_seconds = 0;
  std::chrono::steady_clock::time_point start;
  std::uint64_t seed = 1;
  int threads = 0;               ///< 0: one per core
  std::string device = "auto";   ///< "auto", "cpu", "cuda" or "cuda:N"
  double gap = 0;                ///< stop once relative_gap() is at most this
  std::optional<Int128> target;  ///< stop at a plan without forbidden entries that costs no more
  /// For reproducible runs: millions of units of work, each about a nanosecond of one core, counted
  /// and not measured. The result then depends on the instance, the seed and the device alone,
  /// whatever the number of threads, as long as the deadline is not what ends it. 0: no limit.
  std::int64_t work_limit = 0;
  /// Bytes that the process may have; 0: no limit. solve() judges by estimates: it runs fewer
  /// threads where memory is scarce and refuses (kError) what does not fit on one.
  std::int64_t memory_limit = 0;
  std::int64_t memory_in_use = 0;  ///< bytes that the process has when solve() is called,
                                   ///< `problem`'s among them
  Plan initial_plan;               ///< the first incumbent, if it is a plan within the limit
  /// [nodes] strategies to begin with, -1 for nodes that are left to the solver; empty: none. It is
  /// completed to a first plan in some of the time; the search is free to leave it.
  Plan hint;
  /// SolverResult::prices of a problem much like this one, where the search for prices begins;
  /// empty: with none. Any others hold it up, but nothing that it proves depends on them.
  std::vector<TimePrice> prices;
  Parameters parameters;  ///< of the search
  /// What SolverCallbacks::on_checkpoint got, to go on from; must outlive the call; empty: the
  /// search begins. See there.
  std::span<const std::byte> checkpoint;
  /// Seconds between two checkpoints, at least; does not change what is found.
  double checkpoint_seconds = 60;
};

enum class SolverStatus {
  kOptimal,     ///< a plan within the limit, and a proof that none costs less
  kGapReached,  ///< a plan within the limit whose distance to the bound is at most the gap asked
                ///< for
  kFeasible,    ///< a plan within the limit
  kInfeasible,  ///< proved: no plan is within the limit
  kNoPlan,      ///< none within the limit was found in time
  kError,       ///< the instance cannot be solved; SolverResult::message says why
  kNoDevice,    ///< the device asked for is absent; SolverResult::message says which
};

/// "optimal", "gap_reached", "feasible", "infeasible", "no_plan", "error" or "no_device".
WARPSHARD_EXPORT const char* to_string(SolverStatus status);

/// What one kind of search did in a run.
struct WorkerAccount {
  std::string worker;     ///< "greedy", "ascent", "dive", "anneal", ...
  double seconds = 0;     ///< of a thread
  std::int64_t work = 0;  ///< units that mean the same everywhere: table entries read, about
  std::int64_t tasks = 0;
  std::int64_t offers = 0;        ///< plans that it proposed
  std::int64_t improvements = 0;  ///< of these, best so far
  double gain = 0;                ///< by how much they were cheaper, cost units
};

/// A snapshot of a running search, for its observer.
struct Progress {
  double seconds = 0;             ///< since SolverOptions::start
  std::optional<Cost> incumbent;  ///< cost of the best verified plan
  std::optional<Cost> bound;      ///< proved: no plan within the limit costs less
  std::int64_t visits = 0;        ///< of variables by the search's chains, so far
  std::string source;  ///< what brought the incumbent or bound: a worker's name, or empty
  std::string note;    ///< free text, one line, or empty
};

struct SolverResult {
  SolverStatus status = SolverStatus::kNoPlan;
  Plan plan;                  ///< one strategy per node; empty unless one was found
  Evaluation evaluation;      ///< of `plan`, by the independent evaluator
  std::optional<Cost> bound;  ///< proved: no plan within the limit costs less
  std::string source;         ///< what found `plan`
  double seconds = 0;         ///< since SolverOptions::start
  std::int64_t visits = 0;    ///< of variables by the search's chains
  std::vector<WorkerAccount> accounts;
  /// What the search put on memory, where above zero, before it excluded values by cost; or empty.
  std::vector<TimePrice> prices;
  std::string message;  ///< for a person to read, one line; may be empty
};

/// (cost - bound) / |bound| of the finite parts, where both have as many forbidden entries; 0 where
/// they are equal, nothing where that says nothing.
WARPSHARD_EXPORT std::optional<double> relative_gap(const Cost& cost, const Cost& bound);

/// Called from any thread, one call at a time.
using ProgressCallback = std::function<void(const Progress&)>;

/// What a running search tells its caller and asks of it; each may be empty. The first two are
/// called from any thread, one call at a time, and hold up the thread that found the news.
struct SolverCallbacks {
  ProgressCallback on_progress;
  /// Every plan that is better than all before it, once verified; the last one is the result's.
  /// Under a work limit, of plans that cost the same the first in lexicographic order is better.
  std::function<void(const Plan&, const Evaluation&)> on_incumbent;
  /// Asked a hundred times a second, from a thread of its own; true ends the search.
  std::function<bool()> should_stop;
  /// Under a work limit: the whole state of the search, chains on devices among it, every
  /// checkpoint_seconds, and at the end. A run that is told to stop may take half a second longer then, to end the tasks
  /// at hand; where these take longer still, what came since the last checkpoint is lost. A run
  /// that is given it as its SolverOptions::checkpoint, with the same instance, seed, parameters,
  /// devices, initial plan, hint and prices (and work limit, if there is a hint), goes on to find
  /// what the unbroken one finds, on any number of threads; its work limit counts the work before the
  /// checkpoint, too. Bytes of this version of the library on this kind of machine, to be trusted
  /// as far as whoever wrote them: of what they say, plans are checked, bounds are not. The bytes
  /// are the callee's for the length of the call. Damaged ones, or those of another run, give
  /// kError and a message. From any thread.
  std::function<void(std::span<const std::byte>)> on_checkpoint;
};

/// Searches for the cheapest plan within the limit until the deadline, the gap, the target, the
/// work limit (which puts the two before it out of force) or `stop`, whichever comes first; returns
/// promptly once `stop` is set. The plan it returns has been checked by the evaluator. `problem`
/// must outlive the call only. Several may run at once in one process; none touches state of
/// another.
WARPSHARD_EXPORT SolverResult solve(const Problem& problem, const SolverOptions& options,
                                    const std::atomic<bool>& stop,
                                    const ProgressCallback& on_progress);

/// The same, ended by a callback instead of a flag.
WARPSHARD_EXPORT SolverResult solve(const Problem& problem, const SolverOptions& options,
                                    const SolverCallbacks& callbacks);

}  // namespace warpshard
