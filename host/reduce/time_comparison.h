#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/reduce/state.h"

namespace warpshard::reduce {

/// That running out of memory at one of two time points implies running out at the other.
struct Implication {
  std::int32_t earlier = 0;   ///< index of a point
  bool earlier_goes = false;  ///< the earlier one implies the later one; else the reverse
};

/// Compares the usage of all assignments between pairs of time points of a profiled state.
///
/// By how much usage at point i can exceed that at point j is the sum over variables of the most by
/// which one value's usage over the piece at i exceeds it over the piece at j. For a given i a
/// variable's part changes only where, going back from i, one of its pieces ends or begins, and
/// there are few different pairs of pieces, so their excesses are computed once.
class TimeComparison {
 public:
  /// `points`: the times to compare, in order. Keeps references to both. Of no use when stopped.
  TimeComparison(const State& state, const std::vector<std::int32_t>& points,
                 const StopToken& stop);

  /// Walks through the points in order; each thread has its own.
  class Walk {
   public:
    explicit Walk(const TimeComparison& comparison)
        : comparison_(comparison), levels_(comparison.variables_.size(), 0) {}

    /// What follows between point i and each of the points [first, i) that is not `skipped`,
    /// nearest first, goes to the back of `found`. Calls must not go back in i.
    void compare(std::size_t i, std::size_t first, std::span<const std::uint8_t> skipped,
                 std::vector<Implication>& found);

   private:
    void go_to(std::size_t i);

    const TimeComparison& comparison_;
    std::vector<std::int32_t> levels_;  ///< [variables] at the point before next_
    std::size_t next_ = 0;              ///< point whose changes are not in levels_ yet
  };

 private:
  /// A piece that holds some point, [begin, end) in points.
  struct Level {
    std::int32_t begin = 0;
    std::int32_t end = 0;
    const std::int64_t* usage = nullptr;  ///< [domain]
  };
  /// A variable that has levels; level 0 stands for no usage, the others count from 1.
  struct Levels {
    std::int32_t domain = 0;
    std::int32_t count = 1;      ///< level 0 included
    std::int64_t first = 0;      ///< into levels_, of level 0
    std::int64_t excesses = -1;  ///< into excesses_, of [count][count]; -1: too many to keep
  };
  /// A variable goes from one level to another at a point.
  struct Change {
    std::int32_t variable = 0;
    std::int32_t before = 0;
    std::int32_t after = 0;
  };

  void add_levels(const Variable& variable, const std::vector<std::int32_t>& position);
  void collect_changes();
  void compute_excesses(int threads, const StopToken& stop);
  /// The most by which a value's usage at a level exceeds that at another; at least 0, since each
  /// level's least usage is 0.
  std::int64_t computed_excess(const Levels& levels, std::int32_t of, std::int32_t over) const;
  std::int64_t excess(const Levels& levels, std::int32_t of, std::int32_t over) const {
    return levels.excesses < 0
               ? computed_excess(levels, of, over)
               : excesses_[levels.excesses + std::int64_t{of} * levels.count + over];
  }

  std::vector<std::int64_t> capacity_;  ///< [points]
  std::vector<Levels> variables_;       ///< those with levels
  std::vector<Level> levels_;
  std::vector<std::int64_t> change_offsets_;  ///< [points + 1]
  std::vector<Change> changes_;               ///< by point
  std::vector<std::int64_t> excesses_;
};

}  // namespace warpshard::reduce
