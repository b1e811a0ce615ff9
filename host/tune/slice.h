#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/tune/schedule.h"
#include "warpshard/cost.h"
#include "warpshard/plan_store.h"

namespace warpshard::tune {

/// What a slice of an instance is to do: all that whoever runs it, here or elsewhere, needs to
/// know.
struct SliceTask {
  std::string file;
  int threads = 1;
  std::string device = "auto";
  std::uint64_t seed = 1;       ///< the search's is this plus the attempts in the store
  double gap = 0;               ///< the instance is settled at this distance from its bound
  std::int64_t memory = 0;      ///< bytes that the search may have; 0: no limit
  std::int64_t work_limit = 0;  ///< 0: limited by time
  double most_seconds = 0;      ///< that it may take, whatever `length` says
  SliceLength length;
  double save_every = 60;  ///< seconds between records in its course
};

/// What became of it, as the store knows it afterwards.
struct SliceResult {
  std::string error;  ///< why the instance cannot be tuned; empty: it can
  std::string name;
  std::string key;  ///< exact key
  std::optional<Cost> cost;
  std::optional<Cost> bound;
  bool infeasible = false;
  bool settled = false;
  std::int64_t attempts = 0;  ///< in the store
  double spent = 0;           ///< seconds of all of these
  double seconds = 0;         ///< of this slice
  double gap = 1;             ///< relative; 1 where none is known
  double gain = 0;            ///< by which it closed the gap; 0 where none was known before
  std::vector<StoreFault> faults;
};

/// Loads the instance and searches for as long as it is this instance's turn, from what the store
/// has; nothing where that settles it already. All that is found is in the store afterwards, and
/// every `save_every` seconds before. Ends soon after `stop` is set.
SliceResult run_slice(const PlanStore& store, const SliceTask& task, const std::atomic<bool>& stop);

}  // namespace warpshard::tune
