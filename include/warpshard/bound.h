#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "warpshard/cost.h"
#include "warpshard/export.h"
#include "warpshard/problem.h"
#include "warpshard/reduce.h"
#include "warpshard/result.h"

namespace warpshard {

/// How long and how wide to prove.
struct BoundOptions {
  /// Seconds after `start` at which raise_bound() must have returned.
  double deadline_seconds = 0;
  std::chrono::steady_clock::time_point start;
  int threads = 0;                  ///< 0: one per core
  std::string device = "cpu";       ///< "auto", "cpu", "cuda" or "cuda:N" passes messages
  std::optional<Int128> incumbent;  ///< finite cost of a known plan without forbidden entries
  std::int64_t memory_limit = 0;    ///< bytes that the process may have; 0: no limit
  std::int64_t memory_in_use = 0;   ///< bytes that it has, `problem`'s among them
};

/// Where a proof stands.
struct BoundProgress {
  double seconds = 0;               ///< since BoundOptions::start
  std::optional<Int128> bound;      ///< certified: finite cost of no plan without forbidden entries
                                    ///< is less
  std::optional<Int128> incumbent;  ///< of the cheapest plan that turned up
  std::int64_t rounds = 0;          ///< of the price ascent
  std::int64_t parts = 0;           ///< of branch and bound
  std::string note;                 ///< what else happened: a line, or nothing
};

struct BoundResult {
  ReductionVerdict verdict = ReductionVerdict::kOpen;  ///< kStopped: before anything was bounded;
                                                       ///< others than kOpen: there is no bound
  std::optional<Int128> bound;  ///< as BoundProgress::bound; never above a known plan's cost
  bool closed = false;          ///< nothing is left to prove: the bound is the optimum
  double seconds = 0;           ///< since BoundOptions::start
};

/// Called about once a second, and with notes, from the calling thread.
using BoundCallback = std::function<void(const BoundProgress&)>;

/// Raises a lower bound on the cost of all plans without forbidden entries within the limit, by
/// prices and messages and then by branch and bound, and certifies it in integers. Returns at the
/// deadline, once nothing is left to prove, or promptly once `stop` is set. Fails as reduce_info()
/// does, and if a device or the memory is not to be had. Several may run at once.
WARPSHARD_EXPORT Result<BoundResult> raise_bound(const Problem& problem,
                                                 const BoundOptions& options,
                                                 const std::atomic<bool>& stop,
                                                 const BoundCallback& on_progress);

}  // namespace warpshard
