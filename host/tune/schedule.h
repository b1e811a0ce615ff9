#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace warpshard::tune {

/// Where an instance stands, as far as the choice of the next slice goes.
struct Standing {
  double gap = 1;           ///< relative; 1 where none is known
  double seconds = 0;       ///< spent on it so far, by anyone
  double recent_gain = 0;   ///< of the gap, per second of its last slice; 0 where unknown
  double weight = 1;        ///< what it counts
  std::int64_t slices = 0;  ///< that this process gave it
  bool open = true;    ///< not settled, not broken, and nobody of this process is at work on it
  bool aside = false;  ///< another process is at work on it
};

/// The gap that a second of its next slice is expected to close, times its weight: the mean of what
/// the last slice did and of a hyperbola through the present gap, which is how gaps close in the
/// long run. Infinite for an instance that nobody has had a slice of yet.
double expected_gain(const Standing& standing);

/// The open instance with the greatest expected gain, the first of equals; those that others are at
/// work on only if there is no other. None if nothing is open.
std::optional<std::size_t> next_slice(std::span<const Standing> standings);

/// How long slices are: as long as all before them together, since a search that starts anew has to
/// come past where the last one ended.
struct SliceLength {
  double first = 2;       ///< seconds
  double longest = 1800;  ///< seconds

  /// `spent`: seconds in all slices so far.
  double seconds(double spent) const;
};

}  // namespace warpshard::tune
