#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "host/tune/roster.h"
#include "host/tune/tuner_options.h"
#include "warpshard/plan_store.h"

namespace warpshard::tune {

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
  Tuner(const PlanStore& store, std::vector<TunedFile> files, TunerOptions options,
        const std::string& leases);

  /// Until all is settled, the limit of time or work is reached or `stop` is set. False if it was
  /// stopped before all that is not broken was settled.
  bool run(const std::atomic<bool>& stop, const TunerObserver& observer);

  const std::vector<TunedInstance>& instances() const { return roster_.instances(); }

 private:
  class Run;

  const PlanStore& store_;
  const TunerOptions options_;
  Roster roster_;
};

}  // namespace warpshard::tune
