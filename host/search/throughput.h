#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/device/backend.h"
#include "host/model/flat_model.h"
#include "host/search/noise_table.h"
#include "host/search/warm_state.h"
#include "kernels/chain_view.h"

namespace warpshard {

/// A kind of move to measure: block sizes from 2^least to 2^most, drawn evenly in the exponent.
struct MoveKind {
  const char* name = "";
  std::int32_t least_log2_tree = 0;
  std::int32_t most_log2_tree = 0;
  bool tabu = false;  ///< steps of tabu search instead
};

/// Flips, tree blocks of several sizes, the mixture that the search uses, and tabu steps.
std::span<const MoveKind> move_kinds();

/// What one device did in one measurement.
struct Throughput {
  std::string device;
  std::string move;
  std::int64_t chains = 0;
  double seconds = 0;
  double cpu_share =
      1;  ///< of their cores that the measured threads got; below 1 on a busy machine
  MoveCounters counters;
  double bytes = 0;  ///< estimate; see bytes_moved()

  double visits_per_second() const {
    return static_cast<double>(counters.flip_visits + counters.tree_visits) / seconds;
  }
  double deltas_per_second() const { return static_cast<double>(counters.deltas) / seconds; }
  /// Flips, tree blocks and tabu steps that changed anything.
  double accepted_per_second() const { return static_cast<double>(counters.accepted) / seconds; }
  /// Variables that took another value.
  double changes_per_second() const { return static_cast<double>(counters.changes) / seconds; }
  double bytes_per_second() const { return bytes / seconds; }
  /// Share of tree blocks that fitted in memory.
  double accepted_blocks() const {
    if (counters.blocks == 0) return 1;
    return 1 - static_cast<double>(counters.blocks_refused) / static_cast<double>(counters.blocks);
  }
};

/// Estimates the bytes that moves read and wrote, from what was counted and the model's means over
/// variables with neighbours; nothing is measured, caches are not considered. A visit reads the
/// variable's priced row, a row of noise and one row of every incident table, with each neighbour's
/// arc and value, and writes and reads a row of scores. A variable that joins a tree adds one whole
/// table. A change reads two exact entries per arc, at once or when its account is settled, and
/// rewrites the memory profile's blocks.
double bytes_moved(const ModelView& model, const MoveCounters& counters);

/// Measures move throughput over one model on CPU threads and GPUs, all from the same warm state.
/// Prices stay fixed meanwhile.
class ThroughputBench {
 public:
  /// `model` must outlive the bench. Warms up on one core for about `seconds`: anneals from hot to
  /// the middle of the usual schedule.
  ThroughputBench(const FlatModel& model, std::uint64_t seed, double seconds);

  /// False if no two variables are neighbours: then there is nothing to measure.
  bool has_moves() const { return num_roots_ > 0; }

  /// One chain per thread.
  Throughput on_cpu(const MoveKind& kind, int threads, double seconds) const;

  /// All kinds of moves on one GPU.
  Result<std::vector<Throughput>> on_gpu(const DeviceInfo& gpu, std::span<const MoveKind> kinds,
                                         double seconds) const;

  /// Cost units.
  float temperature() const { return warm_.temperature; }

 private:
  Result<std::unique_ptr<DeviceSearch>> make_search(const DeviceInfo& gpu, bool tabu) const;
  Result<Throughput> on_search(DeviceSearch& search, const MoveKind& kind, double seconds) const;

  const FlatModel& model_;
  NoiseTable noise_;
  std::uint64_t seed_;
  std::int32_t num_roots_ = 0;
  WarmState warm_;
};

}  // namespace warpshard
