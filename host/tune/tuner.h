#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/store/plan_store.h"
#include "host/tune/schedule.h"
#include "warpshard/cost.h"

namespace warpshard::tune {

/// What a tuner is to do.
struct TunerOptions {
  double seconds = 0;           ///< wall clock; 0: no limit
  double gap = 0;               ///< an instance is settled at this distance from its bound
  int threads = 0;              ///< for all slices together; 0: one per core
  std::string device = "auto";  ///< of each slice
  std::uint64_t seed = 1;       ///< a slice's seed is this plus the slices before it
  std::int64_t memory = 0;      ///< bytes for all slices together; 0: no limit
  SliceLength length;
  double save_every = 60;  ///< seconds between records in the course of a slice
  /// For reproducible runs: so many slices per instance, each with this work limit; time, gap and
  /// other processes then have no say. 0: slices are limited by time.
  std::int64_t work_limit = 0;
  std::int64_t slices = 1;
};

/// An instance to tune.
struct TunedFile {
  std::string path;
  double weight = 1;  ///< what closing its gap counts
};

/// An instance that is tuned, and how far it has come. `cost` and `bound` are from the store.
struct TunedInstance {
  std::string file;
  std::string name;
  std::string key;    ///< exact key; empty until the file was read
  std::string error;  ///< why the file is skipped; empty: it is not
  std::optional<Cost> cost;
  std::optional<Cost> bound;
  bool infeasible = false;
  bool settled = false;
  bool running = false;
  int threads = 1;          ///< of its latest slice
  double last_seconds = 0;  ///< of its latest slice
  Standing standing;

  std::optional<double> gap() const;
};

/// News for whoever watches: called by run()'s own thread, one call at a time.
struct TunerObserver {
  std::function<void(const TunedInstance&)> on_slice;  ///< one has ended
  std::function<void(const StoreFault&)> on_fault;
  std::function<void()> on_tick;  ///< several times a second
};

/// Gives time to instances, slice by slice, where it is expected to gain most. Everything found is
/// in the store at the end of a slice, and every `save_every` seconds before: a tuner that is
/// killed goes on from there.
class Tuner {
 public:
  /// `leases`: the folder to tell other processes in, empty: none.
  Tuner(const PlanStore& store, std::vector<TunedFile> files, const TunerOptions& options,
        std::string leases);

  /// Until all is settled, the time is over or `stop` is set. True if all that is not broken is
  /// settled, or (with a limit of time and no gap asked for, or of work) the limit was reached.
  bool run(const std::atomic<bool>& stop, const TunerObserver& observer);

  const std::vector<TunedInstance>& instances() const { return instances_; }

 private:
  class Run;

  const PlanStore& store_;
  TunerOptions options_;
  std::string leases_;
  std::vector<TunedInstance> instances_;
};

}  // namespace warpshard::tune
