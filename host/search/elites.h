#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "host/model/archive.h"
#include "host/model/model.h"
#include "warpshard/cost.h"

namespace warpshard {

/// A good assignment and the prices it was found with.
struct Elite {
  void transfer(Archive& archive) { archive(values, prices, cost); }

  Assignment values;          ///< [variables]
  std::vector<float> prices;  ///< [times] cost units per usage quantum; empty: the bound's
  Cost cost;
};

/// The best assignments so far, kept apart by Hamming distance. Any thread may call any member.
class Elites {
 public:
  /// Keeps at most `room`; two elites differ in at least `least_distance` variables.
  Elites(std::size_t room, std::int32_t least_distance)
      : room_(room), least_distance_(least_distance) {}

  /// Takes the candidate if it is better than an elite it resembles, or than the worst one.
  void add(Elite candidate);

  /// All elites, cheapest first.
  std::vector<Elite> all() const;
  /// The other way round: `elites` were all of them once.
  void restore(std::vector<Elite> elites);

 private:
  std::size_t room_;
  std::int32_t least_distance_;
  mutable std::mutex mutex_;
  std::vector<Elite> elites_;  ///< sorted by cost
};

/// Number of positions at which two assignments differ.
std::int32_t hamming_distance(std::span<const std::int32_t> a, std::span<const std::int32_t> b);

}  // namespace warpshard
