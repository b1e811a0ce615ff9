#pragma once

#include <cstdint>
#include <string>

#include "host/tune/schedule.h"

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

}  // namespace warpshard::tune
