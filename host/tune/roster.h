#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/tune/lease.h"
#include "host/tune/schedule.h"
#include "host/tune/slice.h"
#include "host/tune/standing_notes.h"
#include "host/tune/tuner_options.h"
#include "warpshard/cost.h"

namespace warpshard::tune {

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
  int losses = 0;           ///< slices in a row whose process was lost
  double last_seconds = 0;  ///< of its latest slice
  Standing standing;

  std::optional<double> gap() const;
};

/// The instances of a tuner and its clock: says whose turn it is and what the slice is to do, and
/// learns what became of it, from other processes over the same store as well. Who runs the slices,
/// threads or a cluster, is no concern of it. One thread at a time.
class Roster {
 public:
  /// `leases`: the folder to tell other processes in what is worked on and how far it has come,
  /// empty: none.
  Roster(std::vector<TunedFile> files, const TunerOptions& options, const std::string& leases);

  const std::vector<TunedInstance>& instances() const { return instances_; }

  /// The instance whose next slice is worth most; none if all are done or running.
  std::optional<std::size_t> next();
  /// Threads that a slice of it should have where there are so many in all.
  int width_of(std::size_t index, int threads) const;
  /// Puts it at work. None if another process took it after next() had named it: ask that again.
  std::optional<SliceTask> begin(std::size_t index, int threads);
  /// Takes in what became of its slice.
  void end(std::size_t index, const SliceResult& result);
  /// The process that ran its slice is gone, with what it had found since its last record. An
  /// instance that this happens to time and again is skipped: it may be what ends them.
  void lose(std::size_t index, const std::string& reason);

  /// Renews leases, if it is time; call it every few seconds.
  void beat();
  /// Not enough time is left to begin anything.
  bool time_is_up() const;
  bool all_settled() const;
  /// Nothing was left undone, `stopped` being whether somebody told the tuner to end.
  bool finished(bool stopped) const;

 private:
  using Clock = std::chrono::steady_clock;

  double seconds_left() const;
  std::int64_t open_count() const;
  SliceTask task_of(const TunedInstance& instance) const;
  /// Learns what other processes are doing with it, and how far they came.
  void look_around(TunedInstance& instance);
  void release(TunedInstance& instance);

  const TunerOptions options_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point beaten_ = start_;
  std::vector<TunedInstance> instances_;
  std::optional<Leases> leases_;
  std::optional<StandingNotes> notes_;
};

}  // namespace warpshard::tune
